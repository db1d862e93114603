using System.Text;
using Osprey.Binary;
using Osprey.Symbols.Sources;
using Osprey.Tests.Binary;

namespace Osprey.Tests.Symbols.Sources;

public sealed class SymbolsFileSourceTests
{
    private const string Sample = """
        0x40351825 core/mempool.cc 356 memory::pool::free(void*)
        0x100000114a04 /usr/lib/golang/src/runtime/mgcsweep.go 471 runtime.(*mspan).sweep

        0x403ffd7f None <?> No symbol matches 0x403ffd7f.
        0x40429c4b loader.elf <?> operator new(unsigned long)
        0x1000 malloc + 20 in section .text <?> malloc
        0x2000 my folder/my file.cc 77 f(int, char)
        0x3000 None <?> malloc in section .text
        0x4000 a.cc 0 g
        nonsense
        0x5000 a.cc
        0x6000 a.cc 12
        """;

    [Fact]
    public void Read_Lines_AreMended()
    {
        SymbolsFileSource source = Read(Sample, strict: false);
        string[] expected =
        [
            "0x40351825: memory::pool::free(void*) core/mempool.cc:356",
            "0x100000114a04: runtime.(*mspan).sweep /usr/lib/golang/src/runtime/mgcsweep.go:471",
            "0x403ffd7f: unknown",
            "0x40429c4b: operator new(unsigned long) loader.elf:?",
            "0x1000: malloc malloc + 20 in section .text:?",
            "0x2000: f(int, char) my folder/my file.cc:77",
            "0x3000: malloc in section .text ?:?",
            "0x4000: g a.cc:?",
            "0x5000: unknown",
            "0x6000: unknown",
        ];
        Assert.Equal(expected, expected.Select(line => ElfSymbolSourceTests.Describe(source, line)));
        Assert.Equal((7, 1, 3), (source.Count, source.UnresolvedCount, source.BadLineCount));
        Assert.Equal("line 10: expected \"0xADDRESS FILE LINE NAME\"", source.Problem);
    }

    [Fact]
    public void Read_Strictly_TakesNamesAsTheyAre()
    {
        SymbolsFileSource source = Read(
            "0x403ffd7f None <?> No symbol matches 0x403ffd7f.\n0x10\tf.cc  3   a  b\n",
            strict: true
        );
        Assert.Equal(
            "0x403ffd7f: No symbol matches 0x403ffd7f. None:?",
            ElfSymbolSourceTests.Describe(source, "0x403ffd7f:")
        );
        Assert.Equal("0x10: a  b f.cc:3", ElfSymbolSourceTests.Describe(source, "0x10:"));
    }

    [Theory]
    [InlineData("0x1000 malloc + 20 in section .text <?> malloc")]
    [InlineData("0x2000 my file.cc 77 f(int)")]
    [InlineData("0x2000 a.cc 77")]
    [InlineData("zz a.cc 77 f")]
    public void Read_StrictlyWhatTheReferenceCannotRead_IsBadData(string line)
    {
        var e = Assert.Throws<BadDataException>(() => Read(line, strict: true));
        Assert.Equal("line 1: expected \"0xADDRESS FILE LINE NAME\"", e.Problem);
    }

    [Fact]
    public void Read_LineOverTheLimit_IsSkipped()
    {
        var limits = new ParseLimits { MaxNameLength = 100 };
        string text = $"0x1 a.cc 1 {new string('x', 200)}\n0x2 a.cc 2 y\n";
        SymbolsFileSource source = SymbolsFileSource.Read(
            new MemoryStream(Encoding.UTF8.GetBytes(text)),
            "x",
            limits: limits
        );
        Assert.Equal((1, 1), (source.Count, source.BadLineCount));
    }

    [Fact]
    public void Read_CutOrChangedAnywhere_NeverFails()
    {
        byte[] text = Encoding.UTF8.GetBytes(Sample);
        Assert.Equal(0, Mutations.Truncate(text, ReadBytes));
        Assert.Equal(0, Mutations.Change(text, seed: 8, count: 10_000, ReadBytes));
        Assert.True(
            Mutations.Change(
                text,
                seed: 8,
                count: 1_000,
                input => SymbolsFileSource.Read(new MemoryStream(input), "x", strict: true)
            ) > 0
        );

        static void ReadBytes(byte[] input) => SymbolsFileSource.Read(new MemoryStream(input), "x");
    }

    private static SymbolsFileSource Read(string text, bool strict) =>
        SymbolsFileSource.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "trace.symbols", strict);
}
