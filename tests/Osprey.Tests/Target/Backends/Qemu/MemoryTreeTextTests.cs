using Osprey.Binary;
using Osprey.Target.Backends.Qemu;

namespace Osprey.Tests.Target.Backends.Qemu;

public sealed class MemoryTreeTextTests
{
    private const string Odd = """
        FlatView #0
         AS "I/O", root: io
         Root memory region: io
          0000000000000000-000000000000ffff (prio 0, ram): not this one

        FlatView #1
         AS "cpu-memory-0", root: system
         AS "memory", root: system
         Root memory region: system
          0000000000000000-000000003fffffff (prio 0, ram): mem KVM
          0000000040000000-0000000040000fff (prio 0, nv-ram): nvdimm one @0000000000001000 KVM
          0000000040001000-0000000040001fff (prio 0, ramd): 0000:01:00.0 BAR 0 mmaps[0]
          0000000040002000-0000000040002fff (prio 0, nv-i/o): nothing
          0000000040003000-0000000040003fff (prio -1, rom): boot
          00000000ffc00000-00000000ffffffff (prio 0, romd): system.flash0
          0000000100000000-ffffffffffffffff (prio 0, i/o): rest

        FlatView #2
         AS "memory", root: other
          0000000000000000-000000000000ffff (prio 0, ram): nor this
        """;

    [Fact]
    public void Parse_PcOfRealQemu_KeepsMemoryOnly() =>
        Assert.Equal(
            """
            0x0+0xa0000 Ram pc.ram@0
            0xc0000+0xb000 Rom pc.ram@c0000
            0xcb000+0x3000 Ram pc.ram@cb000
            0xce000+0x1a000 Rom pc.ram@ce000
            0xe8000+0x8000 Ram pc.ram@e8000
            0xf0000+0x10000 Rom pc.ram@f0000
            0x100000+0x3f00000 Ram pc.ram@100000
            0xfd000000+0x1000000 Ram vga.vram@0
            0xfffc0000+0x40000 Rom pc.bios@0
            """.ReplaceLineEndings("\n"),
            Print(MemoryTreeText.Parse(MonitorTexts.Read("mtree-7.2-pc.txt")))
        );

    [Fact]
    public void Parse_MemoryAboveFourGigabytes_HasItsOffsetInTheBlock() =>
        Assert.Equal(
            """
            0x0+0xa0000 Ram pc.ram@0
            0xc0000+0x20000 Rom pc.rom@0
            0xe0000+0x20000 Rom pc.bios@20000
            0x100000+0x7ff00000 Ram pc.ram@100000
            0xfffc0000+0x40000 Rom pc.bios@0
            0x100000000+0x80000000 Ram pc.ram@80000000
            """.ReplaceLineEndings("\n"),
            Print(MemoryTreeText.Parse(MonitorTexts.Read("mtree-7.2-q35-4g.txt")))
        );

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Parse_OddKinds_KeepsWhatReadsWithoutSideEffects(string lineEnd) =>
        Assert.Equal(
            """
            0x0+0x40000000 Ram mem@0
            0x40000000+0x1000 Ram nvdimm one@1000
            0x40003000+0x1000 Rom boot@0
            """.ReplaceLineEndings("\n"),
            Print(MemoryTreeText.Parse(Odd.ReplaceLineEndings(lineEnd)))
        );

    [Theory]
    [InlineData("")]
    [InlineData("unknown command: 'info mtree'\r\n")]
    [InlineData(
        "FlatView #0\r\n AS \"memory\", root: system\r\n Root memory region: (none)\r\n  No rendered FlatView\r\n"
    )]
    public void Parse_NoMemory_IsEmpty(string text) => Assert.Empty(MemoryTreeText.Parse(text));

    [Theory]
    [InlineData("0000000000001000-0000000000000fff (prio 0, ram): a")]
    [InlineData("0000000000001000-0000000000001fff (prio 0, ram) a")]
    [InlineData("0000000000001000")]
    [InlineData("10000000000000001000-0000000000001fff (prio 0, ram): a")]
    [InlineData("0000000000001000-0000000000001fff (prio 0, ram): a @xyz")]
    [InlineData(
        "0000000000002000-0000000000002fff (prio 0, ram): a\n  0000000000001000-0000000000001fff (prio 0, ram): b"
    )]
    [InlineData(
        "0000000000001000-0000000000002fff (prio 0, ram): a\n  0000000000002000-0000000000003fff (prio 0, ram): b"
    )]
    public void Parse_MalformedRange_IsBadData(string row) =>
        Assert.Throws<BadDataException>(() =>
            MemoryTreeText.Parse($"FlatView #0\n AS \"memory\", root: system\n  {row}\n")
        );

    [Fact]
    public void Parse_CutAtEveryCharacter_IsPartialOrBadData() =>
        TextFuzz.CutEverywhere(Odd, text => MemoryTreeText.Parse(text));

    [Fact]
    public void Parse_Mutated_NeverFailsInAnotherWay() =>
        TextFuzz.Mutate(Odd, seed: 2, text => MemoryTreeText.Parse(text));

    private static string Print(IReadOnlyList<MemoryTreeRow> rows) =>
        string.Join('\n', rows.Select(row => $"{row.Start}+0x{row.Size:x} {row.Kind} {row.Block}@{row.BlockOffset:x}"));
}
