using Osprey.Binary.Elf;
using Osprey.Symbols;
using Osprey.Symbols.Dumps;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Tests.Symbols.Sources;

namespace Osprey.Tests.Symbols;

public sealed class SymbolizerTests : IDisposable
{
    private const string Expected =
        "0x1020: lib::inner(int) /src/lib/inner.hh:101 < middle() /src/main.cc:34 < main /src/main.cc:12";

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void TryResolve_TwoModulesAndAFallback_AsksTheOneThatHoldsTheAddress()
    {
        string kernel = Write("kernel.elf", DwarfSamples.File(5));
        string library = Write("root/usr/lib/a.so", DwarfSamples.File(4));
        using var symbolizer = new Symbolizer(
            ElfSymbolSourceTests.NoCache with
            {
                Sysroot = Path.Combine(_folder, "root"),
            }
        );
        symbolizer.AddElf(kernel);
        Assert.NotNull(symbolizer.TryAddGuestModule("/usr/lib/a.so", 0x10000));
        Assert.Null(symbolizer.TryAddGuestModule("/usr/lib/b.so", 0x20000));
        Assert.Null(symbolizer.TryAddGuestModule("/../../kernel.elf", 0x20000));
        symbolizer.AddFallback(new DumpSymbolSource([new DumpSymbol("dumped", 0x50000, 8, "", [])], []));

        string[] expected =
        [
            "0x1100: (anonymous namespace)::other() /src/main.cc:71",
            "0x10000: main /src/main.cc:10",
            "0x50001: dumped+0x1 (0x050001) ?:?",
            "0x60000: unknown",
        ];
        Assert.Equal(expected, expected.Select(line => ElfSymbolSourceTests.Describe(symbolizer, line)));
        Assert.Equal(0x1000UL, symbolizer.FindSymbol("main"));
        Assert.Equal([kernel, library], symbolizer.Modules.Modules.Select(module => module.Path));
    }

    [Fact]
    public void TryAddElf_OtherFile_IsADiagnostic()
    {
        string path = Path.Combine(_folder, "text");
        File.WriteAllText(path, "not a program");
        using var symbolizer = new Symbolizer(ElfSymbolSourceTests.NoCache);
        Assert.Null(symbolizer.TryAddElf(path));
        Assert.Equal($"{path}: {path}+0x0: not an ELF file", Assert.Single(symbolizer.Diagnostics).ToString());
    }

    [Theory]
    [InlineData("app.debug")]
    [InlineData(".debug/app.debug")]
    [InlineData("extra/app.debug")]
    [InlineData("extra/.build-id/0b/adcafe.debug")]
    [InlineData("app.elf.debug")]
    public void TryResolve_DebugInfoInAFileOfItsOwn_FindsItByBuildId(string place)
    {
        Write(place, DwarfSamples.File(5).AddBuildId(0x0b, 0xad, 0xca, 0xfe));
        var stripped = new ElfBuilder();
        stripped.AddText(DwarfSamples.Start, new byte[0x200]);
        stripped.AddBuildId(0x0b, 0xad, 0xca, 0xfe);
        stripped.AddSection(".gnu_debuglink", ElfBuilder.DebugLink("app.debug", 0));
        AssertFound(Write("app.elf", stripped));
    }

    [Fact]
    public void TryResolve_DebugLinkWithoutBuildId_ComparesTheChecksum()
    {
        string debug = Write("app.debug", DwarfSamples.File(5));
        uint checksum = Crc32.Compute(File.ReadAllBytes(debug));
        AssertFound(Write("app.elf", Linked(checksum)));

        using var symbolizer = new Symbolizer(ElfSymbolSourceTests.NoCache);
        string path = Write("app2.elf", Linked(checksum + 1));
        symbolizer.AddElf(path);
        Assert.Equal("0x1020: unknown", ElfSymbolSourceTests.Describe(symbolizer, Expected));
        Assert.Equal(
            [
                $"{path}: {debug} is of another build and is not used",
                $"{path}: no debug info: functions come from the symbol table, without lines and inlined calls",
            ],
            symbolizer.Diagnostics.Select(item => item.ToString())
        );
    }

    [Theory]
    [InlineData("../app.debug")]
    [InlineData("/etc/passwd")]
    public void TryResolve_DebugLinkWithFolders_IsNotFollowed(string name)
    {
        var elf = new ElfBuilder();
        elf.AddText(DwarfSamples.Start, new byte[0x200]);
        elf.AddSection(".gnu_debuglink", ElfBuilder.DebugLink(name, 0));
        using var symbolizer = new Symbolizer(ElfSymbolSourceTests.NoCache);
        symbolizer.AddElf(Write("app.elf", elf));
        Assert.Equal("0x1020: unknown", ElfSymbolSourceTests.Describe(symbolizer, Expected));
        Assert.Equal(
            $".gnu_debuglink names \"{name}\"; expected a file name without folders",
            symbolizer.Diagnostics[0].Message
        );
    }

    private static ElfBuilder Linked(uint checksum)
    {
        var elf = new ElfBuilder();
        elf.AddText(DwarfSamples.Start, new byte[0x200]);
        elf.AddSection(".gnu_debuglink", ElfBuilder.DebugLink("app.debug", checksum));
        return elf;
    }

    private void AssertFound(string path)
    {
        var options = ElfSymbolSourceTests.NoCache with { DebugDirectories = [Path.Combine(_folder, "extra")] };
        using var symbolizer = new Symbolizer(options);
        symbolizer.AddElf(path);
        Assert.Equal(Expected, ElfSymbolSourceTests.Describe(symbolizer, Expected));
        Assert.Empty(symbolizer.Diagnostics);
    }

    private string Write(string name, ElfBuilder elf)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, elf.Build());
        return path;
    }
}
