using Osprey.Symbols;
using Osprey.Symbols.Sources;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Tests.Symbols.Oracle;

/// <summary>Debug files of libraries that were linked to another address later, as prelink does.</summary>
public sealed class MovedDebugFileTests : IDisposable
{
    private const string Source = """
        int counter = 7;
        static inline int twice(int a) { return a * 2 + counter; }
        __attribute__((noinline)) static int helper(int a) { return twice(a) * 3; }
        int foo_main(int a) { return helper(a) + 1; }
        __attribute__((cold)) int rare(int a) { return helper(a) + 2; }
        """;

    private static readonly SymbolizerOptions s_options = new() { UseCache = false };

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolTheory("gcc", "clang", "objcopy", "strip", "llvm-symbolizer", "addr2line")]
    [InlineData("gcc", "-O2 -gdwarf-5")]
    [InlineData("gcc", "-O2 -gdwarf-4")]
    [InlineData("gcc", "-O0 -gdwarf-2")]
    [InlineData("clang", "-O2 -gdwarf-5")]
    [InlineData("clang", "-O2 -gdwarf-4 -gdwarf-aranges")]
    public void MovedLibrary_Code_HasTheNamesAndLinesOfTheWholeOne(string compiler, string options)
    {
        (string program, string whole) = Build(compiler, options, Source);
        using ElfSymbolSource source = ElfSymbolSource.Open(program, null, s_options with { Demangle = false });
        using ElfSymbolSource reference = ElfSymbolSource.Open(whole, null, s_options);
        Osprey.Binary.Elf.ElfSection text = source.Image.FindSection(".text")!;
        ulong[] addresses =
        [
            .. Enumerable
                .Range(0, (int)text.Size)
                .Select(i => text.LinkAddress + (ulong)i)
                .Where(address => reference.TryResolve(address, []) && IsOurs(reference, address)),
        ];
        Assert.True(addresses.Length > 30);
        Assert.Empty(new OracleComparison(whole, source).Compare(addresses));
        Assert.Empty(source.Diagnostics);
    }

    [ToolFact("gcc", "objcopy", "strip")]
    public void MovedLibrary_Variables_AreWhereTheWholeOneHasThem()
    {
        (string program, string whole) = Build("gcc", "-O2 -gdwarf-5", Source);
        using TypeCatalog catalog = TypeCatalog.Open(program, s_options);
        using ElfSymbolSource reference = ElfSymbolSource.Open(whole, null, s_options);
        Assert.Equal(
            new VariableLocation.Static(reference.FindSymbol("counter")!.Value),
            catalog.FindVariable("counter")!.Location
        );
        Assert.Equal(reference.FindSymbol("foo_main"), catalog.FindFunction("foo_main")!.LinkAddress);
    }

    [ToolFact("gcc", "objcopy", "strip")]
    public void DebugFileOfAnotherLayout_IsSaidAndNamesAreThoseOfTheSymbolTable()
    {
        (string program, string whole) = Build("gcc", "-O2 -g", Source, "-Wl,--section-start=.text=0x7000");
        using ElfSymbolSource source = ElfSymbolSource.Open(program, null, s_options);
        using ElfSymbolSource reference = ElfSymbolSource.Open(whole, null, s_options);
        ulong address = reference.FindSymbol("foo_main")!.Value;
        var frames = new List<SymbolFrame>();
        Assert.True(source.TryResolve(address, frames));
        Assert.Equal([new SymbolFrame(address, "foo_main")], frames);
        Assert.Equal(
            [
                $"{program}: {Path.Combine(_folder, "hi.debug")} was linked with another layout than the program, and "
                    + "is not used",
                $"{program}: no debug info: functions come from the symbol table, without lines and inlined calls",
            ],
            source.Diagnostics.Select(item => $"{item.Module}: {item.Message}")
        );
    }

    /// <summary>Without a debug info of its own, code of the C library's start files is told by symbols only.</summary>
    private static bool IsOurs(ElfSymbolSource reference, ulong address)
    {
        var frames = new List<SymbolFrame>();
        reference.TryResolve(address, frames);
        return frames[^1].File?.EndsWith("p.c", StringComparison.Ordinal) == true && frames[^1].Line is not null;
    }

    private (string Program, string Whole) Build(string compiler, string options, string text, string? move = null)
    {
        string source = Path.Combine(_folder, "p.c");
        File.WriteAllText(source, text);
        string debug = Path.Combine(_folder, "hi.debug");
        string whole = Path.Combine(_folder, "hi.whole");
        string program = Path.Combine(_folder, "hi.so");
        string low = Path.Combine(_folder, "lo.so");
        string[] flags = [.. options.Split(' '), "-shared", "-fPIC", "-Wl,--build-id=0x1122", source];
        Tools.Run(compiler, [.. flags, "-o", low], folder: _folder);
        Tools.Run("objcopy", ["--only-keep-debug", low, debug]);
        Tools.Run(compiler, [.. flags, move ?? "-Wl,-Ttext-segment=0x3000000000", "-o", whole], folder: _folder);
        Tools.Run("strip", ["-o", program, whole]);
        Tools.Run("objcopy", [$"--add-gnu-debuglink={debug}", program]);
        return (program, whole);
    }
}
