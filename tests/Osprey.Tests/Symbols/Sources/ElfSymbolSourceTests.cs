using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Symbols;
using Osprey.Symbols.Sources;
using Osprey.Tests.Binary;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Symbols.Sources;

public sealed class ElfSymbolSourceTests
{
    internal static readonly SymbolizerOptions NoCache = new() { UseCache = false };

    [Theory]
    [InlineData(2, true, false)]
    [InlineData(3, true, false)]
    [InlineData(4, true, false)]
    [InlineData(4, false, false)]
    [InlineData(5, true, false)]
    [InlineData(5, false, false)]
    [InlineData(5, false, true)]
    public void TryResolve_Program_GivesInlinedChains(int version, bool addressRanges, bool bigEndian)
    {
        using ElfSymbolSource source = Open(DwarfSamples.File(version, addressRanges, bigEndian));
        string[] expected =
        [
            "0xfff: unknown",
            "0x1000: main /src/main.cc:10",
            "0x1010: middle() /src/main.cc:20 < main /src/main.cc:12",
            "0x1020: lib::inner(int) /src/lib/inner.hh:101 < middle() /src/main.cc:34 < main /src/main.cc:12",
            "0x102f: lib::inner(int) /src/lib/inner.hh:101 < middle() /src/main.cc:34 < main /src/main.cc:12",
            "0x1030: middle() /src/main.cc:31 < main /src/main.cc:12",
            "0x1040: main /src/main.cc:31",
            "0x1100: (anonymous namespace)::other() /src/main.cc:71",
            "0x1120: tail ?:?",
            "0x1160: unknown",
        ];
        Assert.Equal(expected, expected.Select(line => Describe(source, line)));
        Assert.Empty(source.Diagnostics);
    }

    [Fact]
    public void TryResolve_InlinedFramesTurnedOff_GivesTheInnermost()
    {
        using ElfSymbolSource source = Open(DwarfSamples.File(5), NoCache with { InlinedFrames = false });
        Assert.Equal("0x1020: lib::inner(int) /src/lib/inner.hh:101", Describe(source, "0x1020:"));
    }

    [Fact]
    public void TryResolve_DemanglingTurnedOff_GivesLinkageNames()
    {
        using ElfSymbolSource source = Open(DwarfSamples.File(5), NoCache with { Demangle = false });
        Assert.Equal(
            "0x1020: _ZN3lib5innerEi /src/lib/inner.hh:101 < _Z6middlev /src/main.cc:34 < main /src/main.cc:12",
            Describe(source, "0x1020:")
        );
    }

    [Fact]
    public void TryResolve_MovedModule_TakesRunTimeAddresses()
    {
        using ElfImage image = DwarfSamples.File(5).BuildImage();
        using var source = ElfSymbolSource.FromImage(image, 0x7000_0000, NoCache);
        Assert.Equal("0x70000000: main /src/main.cc:10", Describe(source, "0x70000000:"));
        Assert.Equal("0x1000: unknown", Describe(source, "0x1000:"));
        Assert.Equal(0x7000_0100UL, source.FindSymbol("(anonymous namespace)::other()"));
        Assert.Equal(0x7000_0120UL, source.FindSymbol("tail"));
        Assert.Null(source.FindSymbol("nothing"));
    }

    [Fact]
    public void TryResolve_NoDwarf_GivesSymbolsAndSaysSo()
    {
        var elf = new ElfBuilder();
        elf.AddText(0x1000, new byte[0x100]);
        elf.AddSymbol("a.c", 0, 0, ElfSymbolType.File, ElfSymbolBinding.Local, 0xfff1);
        elf.AddSymbol("_Z1fv", 0x1000, 0x10, binding: ElfSymbolBinding.Local);
        elf.AddSymbol("small", 0x1020, 4)
            .AddSymbol("large", 0x1020, 8)
            .AddSymbol("label", 0x1040, 0, ElfSymbolType.None);
        using ElfSymbolSource source = Open(elf);
        string[] expected = ["0x1008: f() a.c:?", "0x1010: unknown", "0x1024: large ?:?", "0x10ff: label ?:?"];
        Assert.Equal(expected, expected.Select(line => Describe(source, line)));
        Assert.Equal(
            "test.elf: no debug info: functions come from the symbol table, without lines and inlined calls",
            Assert.Single(source.Diagnostics).ToString()
        );
    }

    [Fact]
    public void FindTableSymbol_BehindALabelsSection_IsNothing()
    {
        var elf = new ElfBuilder();
        elf.AddText(0x1000, new byte[0x100]);
        elf.AddText(0x1100, new byte[0x100]);
        elf.AddSymbol("f", 0x1000, 0x10).AddSymbol("label", 0x1040, 0, ElfSymbolType.None);
        using ElfSymbolSource source = Open(elf);
        string?[] expected = ["f", null, "label", "label", null, null];
        Assert.Equal(
            expected,
            ((ulong[])[0x100f, 0x1010, 0x1040, 0x10ff, 0x1100, 0x11ff]).Select(address =>
                source.FindTableSymbol(address)?.Name
            )
        );
    }

    [Fact]
    public void TryResolve_ReferencesInACircle_EndWithoutAName()
    {
        var one = new DwarfEntry(DwarfTag.Subprogram);
        var two = new DwarfEntry(DwarfTag.Subprogram).Origin(one);
        one.With(DwarfAttribute.Specification, DwarfForm.ReferenceAddress, two);
        var builder = new DwarfBuilder();
        ulong unit = builder.AddUnit(
            4,
            new DwarfEntry(DwarfTag.CompileUnit).Add(
                one,
                two,
                new DwarfEntry(DwarfTag.Subprogram).Origin(two).Range(0x1000, 0x10)
            )
        );
        builder.AddAddressRanges(unit, (0x1000UL, 0x10UL));
        using ElfSymbolSource source = Open(Elf(builder));
        Assert.Equal("0x1000: ? ?:?", Describe(source, "0x1000:"));
    }

    [Fact]
    public void TryResolve_ReferenceToAnotherUnit_FindsTheName()
    {
        var abstractEntry = new DwarfEntry(DwarfTag.Subprogram).LinkageName("_Z1gv");
        var builder = new DwarfBuilder();
        builder.AddUnit(4, new DwarfEntry(DwarfTag.PartialUnit).Add(abstractEntry));
        ulong unit = builder.AddUnit(
            5,
            new DwarfEntry(DwarfTag.CompileUnit).Add(
                new DwarfEntry(DwarfTag.Subprogram)
                    .With(DwarfAttribute.AbstractOrigin, DwarfForm.ReferenceAddress, abstractEntry)
                    .Range(0x1000, 0x10)
            )
        );
        builder.AddAddressRanges(unit, (0x1000UL, 0x10UL));
        using ElfSymbolSource source = Open(Elf(builder));
        Assert.Equal("0x1000: g() ?:?", Describe(source, "0x1000:"));
    }

    [Fact]
    public void TryResolve_UnitWithoutAnyRanges_IsFoundByItsFunctions()
    {
        var builder = new DwarfBuilder();
        builder.AddUnit(
            4,
            new DwarfEntry(DwarfTag.CompileUnit).Add(new DwarfEntry(DwarfTag.Subprogram).Name("f").Range(0x1000, 0x10))
        );
        using ElfSymbolSource source = Open(Elf(builder));
        Assert.Equal("0x1008: f ?:?", Describe(source, "0x1008:"));
    }

    [Fact]
    public void TryResolve_FunctionWithinAClass_IsFoundBesideTheOthers()
    {
        var builder = new DwarfBuilder();
        ulong unit = builder.AddUnit(
            4,
            new DwarfEntry(DwarfTag.CompileUnit).Add(
                new DwarfEntry(DwarfTag.StructureType)
                    .Name("S")
                    .Add(
                        new DwarfEntry(DwarfTag.Subprogram)
                            .Name("within")
                            .Range(0x1020, 0x10)
                            .Add(new DwarfEntry(DwarfTag.InlinedSubroutine).Name("inner").Range(0x1024, 4))
                    ),
                new DwarfEntry(DwarfTag.Subprogram).Name("outside").Range(0x1000, 0x10)
            )
        );
        builder.AddAddressRanges(unit, (0x1000UL, 0x40UL));
        using ElfSymbolSource source = Open(Elf(builder));
        string[] expected =
        [
            "0x1008: outside ?:?",
            "0x1024: inner ?:? < within ?:?",
            "0x1030: unknown",
            "0x1008: outside ?:?",
            "0x1020: within ?:?",
        ];
        Assert.Equal(expected, expected.Select(line => Describe(source, line)));
        Assert.Equal(0x1020UL, source.FindFunction(0x1024)?.LinkAddress);
    }

    [Fact]
    public void TryResolve_InlinedCallWithoutCode_IsStillInTheChain()
    {
        var builder = new DwarfBuilder();
        builder.AddUnit(
            4,
            new DwarfEntry(DwarfTag.CompileUnit).Add(
                new DwarfEntry(DwarfTag.Subprogram)
                    .Name("outer")
                    .Range(0x1000, 0x10)
                    .Add(
                        new DwarfEntry(DwarfTag.InlinedSubroutine)
                            .Name("between")
                            .Add(new DwarfEntry(DwarfTag.InlinedSubroutine).Name("inner").Range(0x1000, 8))
                    )
            )
        );
        using ElfSymbolSource source = Open(Elf(builder));
        Assert.Equal("0x1000: inner ?:? < between ?:? < outer ?:?", Describe(source, "0x1000:"));
        Assert.Equal("0x1008: outer ?:?", Describe(source, "0x1008:"));
    }

    [Fact]
    public void TryResolve_FunctionEntryBehindCallsThatItCovers_DoesNotHideThem()
    {
        var builder = new DwarfBuilder();
        builder.AddUnit(
            2,
            new DwarfEntry(DwarfTag.CompileUnit).Add(
                new DwarfEntry(DwarfTag.Subprogram)
                    .Name("f")
                    .Range(0x1000, 0x10)
                    .Add(new DwarfEntry(DwarfTag.InlinedSubroutine).Name("inner").Range(0x1084, 8)),
                new DwarfEntry(DwarfTag.Subprogram).Name("__second_sect_of_f").Range(0x1080, 0x10)
            )
        );
        using ElfSymbolSource source = Open(Elf(builder));
        Assert.Equal("0x1084: inner ?:? < f ?:?", Describe(source, "0x1084:"));
        Assert.Equal("0x1080: __second_sect_of_f ?:?", Describe(source, "0x1080:"));
    }

    [Fact]
    public void TryResolve_DamagedUnit_SaysSoAndFallsBackToSymbols()
    {
        IReadOnlyDictionary<string, byte[]> sections = DwarfSamples.Program(5).Build();
        sections[".debug_abbrev"][0] = 99;
        var elf = new ElfBuilder();
        elf.AddText(0x1000, new byte[0x200]);
        elf.AddDebugSections(sections).AddSymbol("main", 0x1000, 0x100);
        using ElfSymbolSource source = Open(elf);
        Assert.Equal("0x1000: main ?:?", Describe(source, "0x1000:"));
        Assert.Equal(
            ".debug_info+0xc: abbreviation 1 is not in the unit's table",
            Assert.Single(source.Diagnostics).Message
        );
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void TryResolve_FileCutOrChangedAnywhere_GivesBadDataOrFrames(int version, bool addressRanges)
    {
        byte[] file = DwarfSamples.File(version, addressRanges).Build();
        Assert.True(Mutations.Truncate(file, Read) > 0);
        Assert.True(Mutations.Change(file, seed: 7 + version, count: 6_000, Read) > 0);

        static void Read(byte[] input)
        {
            var image = ElfImage.Parse(new MemoryByteSource("test.elf", input));
            using var source = ElfSymbolSource.FromImage(image, null, NoCache);
            var frames = new List<SymbolFrame>();
            foreach (ulong address in (ulong[])[0, 0x1000, 0x1010, 0x1020, 0x1100, 0x1120, ulong.MaxValue])
                source.TryResolve(address, frames);

            source.FindSymbol("other()");
        }
    }

    [Fact]
    public void TryResolve_ManyThreads_AllGetTheSame()
    {
        using ElfSymbolSource source = Open(DwarfSamples.File(5));
        string[] answers = new string[64];
        Parallel.For(0, answers.Length, i => answers[i] = Describe(source, "0x1020:"));
        Assert.Equal(
            "0x1020: lib::inner(int) /src/lib/inner.hh:101 < middle() /src/main.cc:34 < main /src/main.cc:12",
            Assert.Single(answers.Distinct())
        );
    }

    internal static string Describe(ISymbolSource source, string line)
    {
        string address = line.Split(':')[0];
        var frames = new List<SymbolFrame>();
        if (!source.TryResolve(Convert.ToUInt64(address, 16), frames))
            return $"{address}: unknown";

        for (int i = 0; i < frames.Count; i++)
        {
            Assert.Equal(Convert.ToUInt64(address, 16), frames[i].Address);
            Assert.Equal(i < frames.Count - 1, frames[i].IsInlined);
        }

        return $"{address}: "
            + string.Join(
                " < ",
                frames.Select(frame => $"{frame.Name ?? "?"} {frame.File ?? "?"}:{frame.Line?.ToString() ?? "?"}")
            );
    }

    private static ElfBuilder Elf(DwarfBuilder builder)
    {
        var elf = new ElfBuilder();
        elf.AddText(0x1000, new byte[0x100]);
        return elf.AddDebugSections(builder.Build());
    }

    private static ElfSymbolSource Open(ElfBuilder elf, SymbolizerOptions? options = null) =>
        ElfSymbolSource.FromImage(elf.BuildImage(), null, options ?? NoCache);
}
