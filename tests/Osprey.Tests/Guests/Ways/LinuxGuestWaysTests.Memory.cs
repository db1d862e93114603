using System.Security.Cryptography;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.Qemu.Live;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Memory;
using Osprey.Target.Memory.Search;
using Osprey.Tests.Guests.Qmp;
using Osprey.Tests.Guests.Report;

namespace Osprey.Tests.Guests.Ways;

/// <content>Physical memory, and virtual memory through the page tables.</content>
public abstract partial class LinuxGuestWaysTests
{
    private const ulong LargePage = 2 << 20;
    private const ulong GuestRamSize = 256 << 20;

    private bool IsLarge => Guest.Variant == LinuxGuestVariant.TwoNodes;

    [LinuxGuestFact]
    public void Blocks_OfEachWay_HoldTheKernelsRamAndNoHole() =>
        Assert.All(
            Ways,
            way =>
            {
                using GuestTarget target = way.Open(fixture);
                IReadOnlyList<MemoryBlock> blocks = target.Memory.Blocks;
                foreach (
                    GuestIoRange ram in Report.IoMemory.Where(range => range.Name == "System RAM" && way.HasAllMemory)
                )
                    Assert.Equal((ram, true), (ram, IsCovered(blocks, ram.Start.Value, ram.Last.Value)));

                for (int i = 0; i < blocks.Count; i++)
                {
                    bool isHole = i + 1 == blocks.Count || blocks[i + 1].Start != blocks[i].End;
                    Assert.Equal(
                        (blocks[i], isHole ? 16 : 32),
                        (blocks[i], target.Memory.Read(new PhysicalAddress(blocks[i].End.Value - 16), new byte[32]))
                    );
                    if (isHole)
                        AssertNotThere(target.Memory, blocks[i].End.Value);
                }

                // Below 4 GiB: the range for devices, the I/O APIC, the local APIC. The last is behind everything.
                foreach (
                    ulong address in (ReadOnlySpan<ulong>)
                        [0xc000_0000, 0xe000_0000, 0xfec0_0000, 0xfee0_0000, 1UL << 45]
                )
                    AssertNotThere(target.Memory, address);
            }
        );

    /// <summary>
    /// What is left where nobody can ask QEMU. Of two nodes each has its own memory, and nothing has the size of the
    /// whole.
    /// </summary>
    [LinuxGuestFact]
    public void Ram_WithoutQmp_IsFoundWhereQemuHasIt()
    {
        QemuProcess process = QemuProcess.TryRead(Guest.ProcessId)!;
        using var qmp = new QmpClient(Guest.TestQmpSocket);
        IReadOnlyList<RamRange> ranges = RamInference.Infer(
            process.CommandLine,
            ProcessMapping.ReadAll(process.ProcessId)
        );

        Assert.Equal(IsLarge ? 0 : 1, ranges.Count);
        foreach (RamRange range in ranges)
        {
            Assert.Equal(GuestRamSize, range.Block.Size);
            foreach (ulong offset in (ulong[])[0x10_0000, range.Block.Size - 4096])
            {
                string said = qmp.Monitor($"gpa2hva 0x{range.Block.Start.Value + offset:x}");
                Assert.EndsWith($" is 0x{range.HostAddress + offset:x}", said.TrimEnd(), StringComparison.Ordinal);
            }
        }
    }

    [LinuxGuestFact]
    public void PageTables_OfEachWorker_GiveTheFramesThatTheKernelGives() =>
        Assert.All(
            WalkableWays,
            way =>
                Assert.All(
                    Report.Workers,
                    worker =>
                    {
                        using GuestSession session = Open(way, worker);
                        GuestPage[] pages = [.. Report.GetPages(worker.Space)];
                        var differences = new List<string>();
                        foreach (GuestPage page in pages)
                        {
                            string expected = Describe(page);
                            string found = Describe(page, session.Selected.Space.Walker.Walk(page.Address));
                            if (expected != found)
                                differences.Add($"0x{page.Address:x}: {found}, expected {expected}");
                        }

                        Assert.Empty(FirstOf(differences));
                        foreach (
                            string kind in (ReadOnlySpan<string>)
                                [" 4096 ", " 2097152 ", "r-xu", "rw-u", "r--u", "NotPresent, not empty"]
                        )
                            Assert.Contains(pages, page => Describe(page).Contains(kind, StringComparison.Ordinal));
                    }
                )
        );

    [LinuxGuestFact]
    public void Contents_OfEachRegion_AreWhatTheGuestWrote() =>
        Assert.All(
            WalkableWays,
            way =>
                Assert.All(
                    Report.Workers,
                    worker =>
                    {
                        using GuestSession session = Open(way, worker);
                        foreach (
                            GuestPattern pattern in Report.Patterns.Where(pattern => pattern.Space == worker.Space)
                        )
                        {
                            byte[] found = new byte[pattern.Size];
                            Assert.Equal(
                                (pattern, pattern.Name == "noaccess" ? 0 : found.Length),
                                (pattern, session.Selected.Memory.Read(pattern.Address, found))
                            );
                            if (pattern.Name != "noaccess")
                                Assert.True(
                                    found.AsSpan().SequenceEqual(pattern.GetBytes(pattern.Address, found.Length)),
                                    pattern.Name
                                );
                            else
                                Assert.Contains(
                                    "PROT_NONE",
                                    session.ExplainUnreadable(pattern.Address, false),
                                    StringComparison.Ordinal
                                );

                            // Page by page, where a walk of the tables is not what says where.
                            foreach (
                                GuestPage page in Report
                                    .GetPages(worker.Space)
                                    .Where(page =>
                                        page.Address >= pattern.Address
                                        && page.Address + GuestPage.Size <= pattern.Address + pattern.Size
                                    )
                            )
                            {
                                byte[] frame = new byte[GuestPage.Size];
                                Assert.Equal(
                                    (page, frame.Length),
                                    (page, session.Physical.Read(page.Frame!.Value, frame))
                                );
                                Assert.True(
                                    frame.AsSpan().SequenceEqual(pattern.GetBytes(page.Address, frame.Length)),
                                    $"{pattern.Name} 0x{page.Address:x}"
                                );
                            }
                        }

                        GuestRegion file = Report.Regions.Single(region =>
                            region.Space == worker.Space && region.Name == "file"
                        );
                        byte[] start = new byte[file.Size];
                        Assert.Equal(start.Length, session.Selected.Memory.Read(file.Address, start));
                        Assert.Equal(File.ReadAllBytes(LinuxGuestImage.Init).AsSpan(0, start.Length).ToArray(), start);
                    }
                )
        );

    [LinuxGuestFact]
    public void Reads_AcrossAnEdge_EndThere() =>
        Assert.All(
            WalkableWays,
            way =>
                Assert.All(
                    Report.Workers,
                    worker =>
                    {
                        using GuestSession session = Open(way, worker);
                        HashSet<ulong> mapped =
                        [
                            .. Report.GetPages(worker.Space).Where(page => page.IsMapped).Select(page => page.Address),
                        ];
                        var differences = new List<string>();
                        int edges = 0;
                        foreach (GuestPage page in Report.GetPages(worker.Space))
                        {
                            byte[] buffer = [.. Enumerable.Repeat((byte)0xee, 100)];
                            bool isEdge = page.IsMapped && !mapped.Contains(page.Address + GuestPage.Size);
                            if (page.IsMapped && !isEdge)
                                continue;

                            int expected = isEdge ? 24 : 0;
                            int found = session.Selected.Memory.Read(
                                page.Address + (isEdge ? GuestPage.Size - 24 : 0),
                                buffer
                            );
                            if (found != expected || buffer.AsSpan(found).ContainsAnyExcept((byte)0xee))
                                differences.Add($"0x{page.Address:x}: {found} bytes, expected {expected}");

                            edges++;
                        }

                        Assert.Empty(FirstOf(differences));
                        Assert.InRange(edges, 20, int.MaxValue);
                        foreach (
                            ulong nowhere in (ReadOnlySpan<ulong>)
                                [0, 0x1000, 0x00ff_ffff_ffff_f000, 0x8000_0000_0000_0000, 0xffff_ffff_ffff_fff8]
                        )
                            Assert.Equal((nowhere, 0), (nowhere, session.Selected.Memory.Read(nowhere, new byte[16])));
                    }
                )
        );

    [LinuxGuestFact]
    public void Search_OfAPattern_FindsItInItsFrameAndNowhereElse() =>
        Assert.All(
            Ways.Where(way => way.HasAllMemory && (way.IsLive || !IsLarge)),
            way =>
            {
                using GuestTarget target = way.Open(fixture);
                string[] names = way.IsLive && !IsLarge ? ["heap", "hugetlb", "noaccess"] : ["locked"];
                foreach (
                    GuestPattern pattern in Report.Patterns.Where(pattern =>
                        pattern.Space == 1 && names.Contains(pattern.Name)
                    )
                )
                {
                    GuestPage page = Report
                        .GetPages(1)
                        .Single(page => page.Address == (pattern.Address & ~(GuestPage.Size - 1)));
                    var place = new PhysicalAddress(page.Frame!.Value.Value + (pattern.Address - page.Address));
                    var near = new MemorySearchOptions
                    {
                        Start = new PhysicalAddress(place.Value & ~(LargePage - 1)),
                        Last = new PhysicalAddress(place.Value | (LargePage - 1)),
                    };
                    MemorySearchResult result = MemorySearch.Find(
                        target.Memory,
                        MemoryPattern.FromBytes(pattern.GetBytes(pattern.Address, 16)),
                        way.IsSlow ? near : new MemorySearchOptions()
                    );
                    Assert.Equal([place], result.Matches);
                    Assert.Equal((false, 0UL), (result.IsCutShort, result.UnreadableBytes));
                }
            }
        );

    [LinuxGuestFact]
    public void Ram_OfAllCores_IsTheSame()
    {
        string[] hashes =
        [
            .. Ways.Where(way => !way.IsLive && way.HasAllMemory)
                .Select(way =>
                {
                    using GuestTarget target = way.Open(fixture);
                    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                    byte[] buffer = new byte[1 << 20];
                    foreach (GuestIoRange ram in Report.IoMemory.Where(range => range.Name == "System RAM"))
                    {
                        // Of a large guest, a part of each kind of range will do.
                        for (
                            ulong at = ram.Start.Value;
                            at <= ram.Last.Value;
                            at += (ulong)buffer.Length * (IsLarge ? 61UL : 1)
                        )
                        {
                            int size = (int)Math.Min((ulong)buffer.Length, ram.Last.Value - at + 1);
                            Assert.Equal(
                                (at, size),
                                (at, target.Memory.Read(new PhysicalAddress(at), buffer.AsSpan(0, size)))
                            );
                            hash.AppendData(buffer.AsSpan(0, size));
                        }
                    }

                    return Convert.ToHexStringLower(hash.GetHashAndReset());
                }),
        ];

        Assert.Equal(Enumerable.Repeat(hashes[0], hashes.Length), hashes);
        Assert.Equal(
            (0UL, null, Report.Cpus),
            (fixture.Cores.OwnResult.UnreadableBytes, fixture.Cores.OwnResult.CpuProblem, fixture.Cores.OwnResult.Cpus)
        );
    }

    private static bool IsCovered(IReadOnlyList<MemoryBlock> blocks, ulong start, ulong last)
    {
        foreach (MemoryBlock block in blocks)
        {
            if (start >= block.Start.Value && start < block.End.Value)
                start = block.End.Value;
        }

        return start > last;
    }

    private static void AssertNotThere(IPhysicalMemory memory, ulong address)
    {
        byte[] buffer = [.. Enumerable.Repeat((byte)0xee, 64)];
        Assert.Equal((address, 0), (address, memory.Read(new PhysicalAddress(address), buffer)));
        Assert.False(buffer.AsSpan().ContainsAnyExcept((byte)0xee));
    }

    /// <summary>
    /// Frame, size of page and permissions as the kernel tells. Whether a page may be written now is said where the
    /// guest has written it.
    /// </summary>
    private string Describe(GuestPage page)
    {
        if (!page.IsMapped)
            return page.Frame is null ? "NotPresent" : "NotPresent, not empty";

        GuestMapping mapping = Report.Mappings.Single(mapping =>
            mapping.Space == page.Space && page.Address >= mapping.Start && page.Address < mapping.End
        );
        string region = FindPattern(page)?.Name ?? "";
        bool isLarge = page.IsHugetlb || (page.IsTransparentHuge && region == "transparent");
        char write =
            mapping.Permissions[1] == '-' ? '-'
            : region.Length > 0 ? 'w'
            : '?';
        return $"{page.Frame} {(isLarge ? LargePage : GuestPage.Size)} r{write}{mapping.Permissions[2]}u";
    }

    private string Describe(GuestPage page, PageWalk walk)
    {
        if (walk.Translation is not { } found)
            return walk.Steps[^1].Value is > 0 ? $"{walk.Outcome}, not empty" : walk.Outcome.ToString();

        GuestMapping mapping = Report.Mappings.Single(mapping =>
            mapping.Space == page.Space && page.Address >= mapping.Start && page.Address < mapping.End
        );
        char Show(PagePermissions permission, char letter) => (walk.Permissions & permission) != 0 ? letter : '-';
        char write =
            mapping.Permissions[1] == 'w' && FindPattern(page) is null ? '?' : Show(PagePermissions.Write, 'w');
        return $"{found.Physical} {found.PageSize} {Show(PagePermissions.Read, 'r')}{write}"
            + $"{Show(PagePermissions.Execute, 'x')}{Show(PagePermissions.User, 'u')}";
    }

    private GuestPattern? FindPattern(GuestPage page) =>
        Report.Patterns.FirstOrDefault(pattern =>
            pattern.Space == page.Space
            && page.Address >= pattern.Address
            && page.Address < pattern.Address + pattern.Size
        );
}
