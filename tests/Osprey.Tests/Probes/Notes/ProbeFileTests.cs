using Osprey.Binary;
using Osprey.Probes;
using Osprey.Probes.Notes;
using Osprey.Tests.Builders.Probes;

namespace Osprey.Tests.Probes.Notes;

/// <summary>Tests what is read of a file's notes.</summary>
public sealed class ProbeFileTests
{
    private const ulong Site = ProbeElfBuilder.CodeAddress;

    [Theory]
    [InlineData(true, false, 62, ProbeMachine.X64)]
    [InlineData(false, false, 3, ProbeMachine.X86)]
    [InlineData(true, false, 183, ProbeMachine.Arm64)]
    [InlineData(true, true, 21, ProbeMachine.Unknown)]
    [InlineData(false, true, 8, ProbeMachine.Unknown)]
    public void Read_OfAnyWidthAndOrder_HasProviderNameSiteAndArguments(
        bool is64Bit,
        bool isBigEndian,
        ushort machine,
        ProbeMachine expected
    )
    {
        ProbeFile file = Read(
            new ProbeElfBuilder
            {
                Is64Bit = is64Bit,
                IsBigEndian = isBigEndian,
                Machine = machine,
            }
                .Add("libc", "setjmp", Site + 0x10, 0x402000, 0, "a b")
                .Add("app", "start", Site, 0x402000, 0x402010, "")
        );
        Assert.Equal((expected, is64Bit), (file.Machine, file.Is64Bit));
        Assert.Null(file.Damage);
        Assert.Equal(["app:start", "libc:setjmp"], file.Probes.Select(probe => probe.FullName));
        Assert.Equal(0x402010UL, file.Probes[0].SemaphoreLinkAddress);
        Assert.Null(file.Probes[1].SemaphoreLinkAddress);
        ProbeSite site = file.Probes[1].Sites[0];
        Assert.Equal((Site + 0x10, ProbeElfBuilder.CodeOffset + 0x10), (site.LinkAddress, site.FileOffset));
        Assert.Equal(["a", "b"], site.Arguments.Select(argument => argument.Text));
    }

    [Fact]
    public void Read_OfAFileThatPrelinkMoved_CorrectsSitesAndSemaphores()
    {
        ProbeFile file = Read(
            new ProbeElfBuilder { BaseAddress = 0x402000 }.Add("p", "n", Site - 0x500, 0x402000 - 0x500, 0x300, "")
        );
        ProbeSite site = file.Probes[0].Sites[0];
        Assert.Equal((Site, 0x800UL), (site.LinkAddress, site.SemaphoreLinkAddress));
        Assert.Equal(Site - 0x500, site.Note.LinkAddress);
    }

    [Fact]
    public void Read_OfAFileWithoutABase_LeavesAddressesAlone()
    {
        ProbeFile file = Read(new ProbeElfBuilder { BaseAddress = null }.Add("p", "n", Site, 0x12345, 0x300, ""));
        Assert.Equal((Site, 0x300UL), (file.Probes[0].Sites[0].LinkAddress, file.Probes[0].SemaphoreLinkAddress));
    }

    [Fact]
    public void Read_OfSeveralSites_IsOneProbeInOrderOfAddresses()
    {
        ProbeFile file = Read(
            new ProbeElfBuilder()
                .Add("p", "n", Site + 8, 0, 0, "8@%rdi")
                .Add("p", "other", Site + 4, 0, 0, "")
                .Add("p", "n", Site, 0, 0, "8@%rsi")
        );
        Assert.Equal(3, file.SiteCount);
        Assert.Equal(["p:n", "p:other"], file.Probes.Select(probe => probe.FullName));
        Assert.Equal([Site, Site + 8], file.Probes[0].Sites.Select(site => site.LinkAddress));
    }

    [Fact]
    public void Read_OfOtherNotes_SkipsThem()
    {
        ProbeFile file = Read(
            new ProbeElfBuilder().AddNote("GNU", 3, [1, 2, 3]).AddNote("stapsdt", 4, [1]).Add("p", "n", Site, 0, 0, "")
        );
        Assert.Equal(["p:n"], file.Probes.Select(probe => probe.FullName));
    }

    /// <summary>What is in front of the damage is kept, and the damage is told.</summary>
    [Fact]
    public void ReadAll_CutAtEveryByte_KeepsWholeNotes()
    {
        ProbeElfBuilder builder = new ProbeElfBuilder()
            .Add("p", "one", Site, 0, 0, "4@%eax")
            .Add("p", "two", Site, 0, 0, "4@%ebx");
        byte[] whole = builder.BuildNotes();
        int first = new ProbeElfBuilder().Add("p", "one", Site, 0, 0, "4@%eax").BuildNotes().Length;
        for (int length = 0; length < whole.Length; length++)
        {
            IReadOnlyList<ProbeNote> notes = ProbeNoteReader.ReadAll(
                whole.AsSpan(0, length),
                "notes",
                is64Bit: true,
                isBigEndian: false,
                out BadDataException? damage
            );
            // Missing padding at the very end is no damage.
            int padding = 3;
            Assert.Equal(
                length >= whole.Length - padding ? 2
                    : length >= first - padding ? 1
                    : 0,
                notes.Count
            );
            bool isEven = length == 0 || (length >= first - padding && length <= first) || notes.Count == 2;
            Assert.Equal((length, isEven), (length, damage is null));
        }
    }

    [Fact]
    public void Read_CutAtEveryByte_IsAnErrorOrAPart()
    {
        byte[] whole = new ProbeElfBuilder().Add("p", "n", Site, 0, 0, "4@%eax").Build();
        for (int length = 0; length < whole.Length; length++)
        {
            try
            {
                Assert.InRange(ReadBytes(whole[..length]).SiteCount, 0, 1);
            }
            catch (BadDataException exception)
            {
                Assert.StartsWith("a.out+0x", exception.Message);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_OfDamagedFiles_NeverFailsOtherwise(bool is64Bit)
    {
        byte[] whole = new ProbeElfBuilder { Is64Bit = is64Bit }
            .Add("p", "n", Site, 0, 0x400, "4@%eax 8@-4(%rsp)")
            .Add("p", "m", Site, 0, 0x400, "-4@$5")
            .Build();
        var random = new Random(4711);
        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = [.. whole];
            for (int i = random.Next(1, 6); i > 0; i--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);

            try
            {
                read += ReadBytes(damaged).SiteCount;
            }
            catch (BadDataException)
            {
                // One clear error.
            }
        }

        Assert.InRange(read, 1000, 40_000);
    }

    private static ProbeFile Read(ProbeElfBuilder builder) => ReadBytes(builder.Build());

    private static ProbeFile ReadBytes(byte[] bytes)
    {
        using var source = new MemoryByteSource("a.out", bytes);
        return ProbeFile.Read(source, "a.out");
    }
}
