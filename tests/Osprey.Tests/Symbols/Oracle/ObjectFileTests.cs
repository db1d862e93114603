using Osprey.Binary.Elf;
using Osprey.Symbols;
using Osprey.Symbols.Sources;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Tests.Symbols.Oracle;

/// <summary>Object files and kernel modules, which are not linked yet.</summary>
public sealed class ObjectFileTests : IDisposable
{
    private const string Source = """
        struct s { int a; char b; struct s *next; };
        struct s one = { 1, 2, 0 };
        int per_cpu __attribute__((section(".data..percpu"))) = 4;
        static int zero[40];
        static inline int twice(int a) { return a * 2 + zero[a]; }
        int first(struct s *p) { return twice(p->a); }
        __attribute__((noinline)) static int second(int a) { return twice(a) * 3 + one.a + per_cpu; }
        __attribute__((section(".init.text"))) int start(int a) { return second(a) + 1; }
        __attribute__((section(".exit.text"))) int stop(int a) { return second(a) + 2; }
        int module __attribute__((section(".gnu.linkonce.this_module"))) = 5;
        """;

    private static readonly SymbolizerOptions s_options = new() { UseCache = false, Demangle = false };

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolTheory("gcc", "clang", "ld", "llvm-symbolizer", "addr2line")]
    [InlineData("gcc", "-O2 -gdwarf-5")]
    [InlineData("gcc", "-O1 -gdwarf-4")]
    [InlineData("gcc", "-O2 -gdwarf-3 -gz=zlib")]
    [InlineData("clang", "-O2 -gdwarf-5")]
    [InlineData("clang", "-O2 -gdwarf-4 -gdwarf-aranges")]
    public void Code_OfAnObjectFile_AgreesWithTheOracle(string compiler, string options)
    {
        string path = Path.Combine(_folder, "plain.o");
        string code = Path.Combine(Tools.Programs, "plain.c");
        Tools.Run(compiler, [.. options.Split(' '), "-c", "-o", path, code]);
        using ElfSymbolSource source = ElfSymbolSource.Open(path, null, s_options);
        ElfSection text = source.Image.FindSection(".text")!;
        ulong[] addresses = [.. Enumerable.Range(0, (int)text.Size).Select(i => (ulong)i)];
        Assert.True(addresses.Length > 50);

        // The oracle confuses code and data of an object file, which all start at 0; so it gets the linked file.
        string linked = Path.Combine(_folder, "linked");
        Tools.Run("ld", ["-Ttext=0", "-e", "0", "--unresolved-symbols=ignore-all", "-o", linked, path]);
        Assert.Empty(new OracleComparison(linked, source).Compare(addresses));
        Assert.Empty(source.Diagnostics);
    }

    [ToolTheory("gcc", "ld")]
    [InlineData("-gdwarf-4")]
    [InlineData("-gdwarf-5")]
    public void KernelModule_AtItsBase_HasNamesTypesAndVariables(string options)
    {
        string path = Build(options);
        const ulong Base = 0xffffffffc0214000;
        using ElfSymbolSource source = ElfSymbolSource.Open(path, Base, s_options);
        using TypeCatalog catalog = TypeCatalog.Open(path, s_options);
        Dictionary<string, ElfSection> sections = source.Image.Sections.ToDictionary(section => section.Name);
        foreach (
            (string name, string section, int line) in ((string, string, int)[])
                [("first", ".text", 6), ("second", ".text", 7), ("start", ".init.text", 8), ("stop", ".exit.text", 9)]
        )
        {
            ulong linkAddress = catalog.FindFunction(name)!.LinkAddress;
            Assert.InRange(linkAddress - sections[section].LinkAddress, 0u, sections[section].Size - 1);
            Assert.Equal(source.FindSymbol(name), Base + linkAddress);
            var frames = new List<SymbolFrame>();
            Assert.True(source.TryResolve(Base + linkAddress, frames));
            Assert.Equal((name, "m.c", line), (frames[^1].Name, Path.GetFileName(frames[^1].File), frames[^1].Line));
        }

        var type = Assert.IsType<CompoundType>(catalog.FindType("struct s"));
        Assert.Equal(["a", "b", "next"], type.Members.Select(member => member.Name));
        Assert.Equal(16ul, type.Size);
        Assert.Equal(
            new VariableLocation.Static(source.FindSymbol("one")!.Value - Base),
            catalog.FindVariable("one")!.Location
        );

        // Each CPU has a copy of it, at a place that the file does not know.
        Assert.Null(source.FindSymbol("per_cpu"));
        Assert.IsType<VariableLocation.None>(catalog.FindVariable("per_cpu")!.Location);
    }

    [ToolFact("gcc", "ld", "objcopy", "strip")]
    public void StrippedKernelModule_WithItsDebugFile_HasLines()
    {
        string whole = Build("-g");
        string stripped = Path.Combine(_folder, "stripped.ko");
        Tools.Run("objcopy", ["--only-keep-debug", whole, stripped + ".debug"]);
        Tools.Run("strip", ["-g", "-o", stripped, whole]);
        Tools.Run("objcopy", [$"--add-gnu-debuglink={stripped}.debug", stripped]);
        using ElfSymbolSource source = ElfSymbolSource.Open(stripped, 0x5000, s_options);
        ulong address = source.FindSymbol("stop")!.Value;
        var frames = new List<SymbolFrame>();
        Assert.True(source.TryResolve(address, frames));
        Assert.Equal(("stop", 9), (frames[^1].Name, frames[^1].Line));
        Assert.Empty(source.Diagnostics);
    }

    private string Build(string options)
    {
        string code = Path.Combine(_folder, "m.c");
        string unit = Path.Combine(_folder, "m.o");
        string path = Path.Combine(_folder, "m.ko");
        File.WriteAllText(code, Source);
        Tools.Run("gcc", [options, "-O1", "-fno-pic", "-c", "-o", unit, code], folder: _folder);
        Tools.Run("ld", ["-r", "--build-id=0x3344", "-o", path, unit], folder: _folder);
        return path;
    }
}
