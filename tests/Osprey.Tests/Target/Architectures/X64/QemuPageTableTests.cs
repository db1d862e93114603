using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target.Architectures.X64;

/// <summary>Page tables of a real guest against what QEMU makes of them.</summary>
public partial class QemuPageTableTests
{
    [ToolTheory("qemu-system-x86_64", "as", "ld")]
    [Trait("Category", "Slow")]
    [InlineData(X64PagingMode.Legacy32)]
    [InlineData(X64PagingMode.Pae)]
    [InlineData(X64PagingMode.FourLevel)]
    [InlineData(X64PagingMode.FiveLevel)]
    public void Map_OfARealGuest_IsWhatQemuSays(X64PagingMode mode)
    {
        using QemuGuest guest = mode is X64PagingMode.FourLevel or X64PagingMode.FiveLevel
            ? LongModeGuest.Boot(mode == X64PagingMode.FiveLevel)
            : ProtectedModeGuest.Boot(mode == X64PagingMode.Pae);
        using CoreTarget target = CoreTarget.Open(guest.Dump(false, "elf"));
        X64Paging paging = X64Paging.FromRegisters(target.ReadRegisters(0))!.Value;
        var walker = new PageTableWalker(target.Memory, paging);

        // With PAE, QEMU prints the bit for no execution with the address.
        var expected = new List<(ulong Address, ulong Physical, bool NoExecute, bool Large)>();
        foreach (Match match in Page().Matches(guest.Monitor("info tlb")))
            expected.Add(
                (
                    ParseHex(match.Groups[1].Value),
                    ParseHex(match.Groups[2].Value) & ~(1UL << 63),
                    match.Groups[3].Value[0] == 'X',
                    match.Groups[3].Value[2] == 'P'
                )
            );

        PageRange[] ranges = [.. new PageTableMap(target.Memory, paging).Enumerate()];
        Assert.Equal(
            expected.Select(page => (page.Address, page.Physical)),
            ranges.SelectMany(Split).OrderBy(page => page.Address)
        );
        Assert.Equal(mode, paging.Mode);
        Assert.NotEmpty(expected);

        foreach ((ulong address, ulong physical, bool noExecute, bool large) in expected)
        {
            PageWalk walk = walker.Walk(address + 0x123);
            Assert.Equal(
                (PageWalkOutcome.Mapped, physical + 0x123),
                (walk.Outcome, walk.Translation!.Value.Physical.Value)
            );
            Assert.Equal(
                (!noExecute, large),
                ((walk.Permissions & PagePermissions.Execute) != 0, walk.Translation.Value.PageSize > 4096)
            );
            Assert.StartsWith(
                $"gpa: 0x{physical + 0x123:x}",
                guest.Monitor($"gva2gpa 0x{address + 0x123:x}").Trim(),
                StringComparison.Ordinal
            );
        }

        Assert.StartsWith("Unmapped", guest.Monitor("gva2gpa 0x30000").Trim(), StringComparison.Ordinal);
        Assert.Equal(PageWalkOutcome.NotPresent, walker.Walk(0x3_0000).Outcome);
    }

    [ToolFact("qemu-system-x86_64", "as", "ld")]
    [Trait("Category", "Slow")]
    public void Map_ByPermissions_IsQemusInfoMem()
    {
        // QEMU 7.2 prints nothing at all here for five levels.
        using QemuGuest guest = LongModeGuest.Boot(false);
        CompareRanges(guest);
    }

    [OsvBuildFact("qemu-system-x86_64")]
    [Trait("Category", "Slow")]
    public void Map_OfOsv_IsQemusInfoMem()
    {
        // Without a disk it gets as far as looking for one: its own page tables are in use by then.
        using var guest = new QemuGuest(
            "-m",
            "256",
            "-cpu",
            "max",
            "-kernel",
            OsvBuild.Kernel,
            "-append",
            "--nomount /none"
        );
        for (
            int i = 0;
            !guest.Monitor("gva2gpa 0x400000200000").Contains("gpa: 0x200000", StringComparison.Ordinal);
            i++
        )
        {
            Assert.True(i < 200, "OSv does not start");
            Thread.Sleep(100);
        }

        guest.Execute("stop", new { });
        CompareRanges(guest);
        using CoreTarget target = CoreTarget.Open(guest.Dump(false, "elf"));
        var memory = new VirtualMemory(
            target.Memory,
            new PageTableWalker(target.Memory, X64Paging.FromRegisters(target.ReadRegisters(0))!.Value)
        );

        Assert.Equal("\u007fELF"u8, Read(memory, 0x4020_0000));
        Assert.Equal("\u007fELF"u8, Read(memory, 0x4000_0020_0000));
        Assert.Equal("\u007fELF"u8, Read(memory, 0x6000_0020_0000));
        Assert.Empty(Read(memory, 0));
    }

    private static byte[] Read(VirtualMemory memory, ulong address)
    {
        byte[] bytes = new byte[4];
        return bytes[..memory.Read(address, bytes)];
    }

    private static void CompareRanges(QemuGuest guest)
    {
        using CoreTarget target = CoreTarget.Open(guest.Dump(false, "kdump-zlib"));
        X64Paging paging = X64Paging.FromRegisters(target.ReadRegisters(0))!.Value;
        var options = new PageTableMapOptions { SplitWherePhysicalChanges = false };

        // QEMU leaves execution out, so ranges that differ by that only are put together.
        var found = new List<(ulong Start, ulong Size, string Flags)>();
        foreach (PageRange range in new PageTableMap(target.Memory, paging, options).Enumerate())
        {
            string flags =
                ((range.Permissions & PagePermissions.User) != 0 ? "u" : "-")
                + "r"
                + ((range.Permissions & PagePermissions.Write) != 0 ? "w" : "-");
            if (found.Count > 0 && found[^1].Flags == flags && found[^1].Start + found[^1].Size == range.Start)
                found[^1] = (found[^1].Start, found[^1].Size + range.Size, flags);
            else
                found.Add((range.Start, range.Size, flags));
        }

        Assert.Equal(
            Range()
                .Matches(guest.Monitor("info mem"))
                .Select(match =>
                    (SignExtend(match.Groups[1].Value), ParseHex(match.Groups[2].Value), match.Groups[3].Value)
                ),
            found
        );

        // With four levels, QEMU prints addresses without their sign.
        ulong SignExtend(string text) =>
            ParseHex(text) is var address && address >> 47 == 1 ? address | 0xffff_0000_0000_0000 : address;
    }

    private static IEnumerable<(ulong Address, ulong Physical)> Split(PageRange range)
    {
        for (ulong offset = 0; offset < range.Size; offset += range.SmallestPage)
            yield return (range.Start + offset, range.Physical!.Value.Value + offset);
    }

    private static ulong ParseHex(string text) =>
        ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?m)^([0-9a-f]{16}): ([0-9a-f]{16}) ([-A-Z]{9})")]
    private static partial Regex Page();

    [GeneratedRegex(@"(?m)^([0-9a-f]{16})-[0-9a-f]{16} ([0-9a-f]{16}) ([-urw]{3})")]
    private static partial Regex Range();
}
