using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Symbols;
using Osprey.Symbols.Sources;

namespace Osprey.Tests.Symbols.Oracle;

/// <summary>Compares programs of real compilers with the answers of <c>llvm-symbolizer</c>.</summary>
public sealed class CompiledProgramTests : IDisposable
{
    private const int MaxAddresses = 6_000;

    private static readonly SymbolizerOptions s_options = new() { UseCache = false, Demangle = false };

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolFact("g++", "llvm-symbolizer", "addr2line")]
    public void Gcc_Optimised_AgreesWithTheOracle() => Check(Build("g++", "-O2 -gdwarf-5"));

    [ToolTheory("g++", "llvm-symbolizer", "addr2line")]
    [Trait("Category", "Slow")]
    [InlineData("-O0 -gdwarf-4")]
    [InlineData("-O0 -gdwarf-5 -no-pie")]
    [InlineData("-O0 -gdwarf-2 -gstrict-dwarf")]
    [InlineData("-O2 -gdwarf-2")]
    [InlineData("-O2 -gdwarf-3 -gstrict-dwarf")]
    [InlineData("-O2 -gdwarf-4 -no-pie")]
    [InlineData("-O3 -gdwarf-5 -ffunction-sections -Wl,--gc-sections")]
    [InlineData("-O2 -gdwarf-5 -gz=zlib")]
    [InlineData("-O2 -gdwarf-4 -gz=zlib-gnu")]
    [InlineData("-O2 -gdwarf-5 -flto")]
    [InlineData("-O2 -gdwarf64 -gdwarf-5")]
    [InlineData("-Os -g1")]
    public void Gcc_Options_AgreesWithTheOracle(string options) => Check(Build("g++", options));

    [ToolTheory("clang++", "llvm-symbolizer", "addr2line")]
    [Trait("Category", "Slow")]
    [InlineData("-O0 -gdwarf-4")]
    [InlineData("-O0 -gdwarf-5")]
    [InlineData("-O2 -gdwarf-4 -fPIE -pie")]
    [InlineData("-O2 -gdwarf-5")]
    [InlineData("-O2 -gdwarf-5 -ffunction-sections -Wl,--gc-sections")]
    [InlineData("-O2 -gdwarf-5 -gdwarf-aranges -gz=zlib")]
    [InlineData("-O1 -gline-tables-only")]
    public void Clang_Options_AgreesWithTheOracle(string options) => Check(Build("clang++", options));

    [ToolTheory("g++", "llvm-symbolizer", "addr2line", "objcopy", "strip")]
    [Trait("Category", "Slow")]
    [InlineData("-Wl,--build-id")]
    [InlineData("-Wl,--build-id=none")]
    public void Stripped_WithADebugFile_AgreesWithTheOracle(string options)
    {
        string whole = Build("g++", $"-O2 -g {options}");
        string stripped = Path.Combine(_folder, "stripped");
        string debug = Path.Combine(_folder, "stripped.debug");
        Tools.Run("objcopy", ["--only-keep-debug", whole, debug]);
        Tools.Run("strip", ["-o", stripped, whole]);
        Tools.Run("objcopy", [$"--add-gnu-debuglink={debug}", stripped]);
        Check(stripped, whole);
    }

    [ToolTheory("g++", "llvm-symbolizer")]
    [InlineData("-gsplit-dwarf")]
    [InlineData("-g0")]
    public void WithoutUsableDwarf_Functions_AreThoseOfTheSymbolTable(string option)
    {
        string path = Build("g++", "-O1 " + option);
        foreach (string file in Directory.GetFiles(_folder, "*.dwo"))
            File.Delete(file);

        using ElfSymbolSource source = ElfSymbolSource.Open(path, null, s_options);
        ulong address = source.FindSymbol("plain_sum")!.Value;
        var frames = new List<SymbolFrame>();
        Assert.True(source.TryResolve(address, frames));
        Assert.Contains(frames[^1].Name, (string[])["plain_sum", "plain_total"]);
        Assert.NotEmpty(source.Diagnostics);
    }

    [ToolFact("g++", "c++filt")]
    public void Demangle_NamesOfAProgram_AreThoseOfCxxfilt()
    {
        using var image = ElfImage.Open(Build("g++", "-O0 -g"));
        ElfSymbolTable table = image.ReadSymbols();
        string[] names =
        [
            .. Enumerable
                .Range(0, table.Count)
                .Select(i => table.GetName(table[i].NameOffset))
                .Where(name =>
                    name.StartsWith("_Z", StringComparison.Ordinal) && !name.Contains('@', StringComparison.Ordinal)
                ),
        ];
        string[] expected = Tools.Run("c++filt", [], string.Join('\n', names)).TrimEnd('\n').Split('\n');
        Assert.True(names.Length > 100);
        Assert.Equal(expected, names.Select(Osprey.Binary.Demangling.ItaniumDemangler.Demangle));
    }

    [ToolFact("g++")]
    public void ReturnAddressCheck_CallsOfAProgram_AreFound()
    {
        using var image = ElfImage.Open(Build("g++", "-O2 -g"));
        string listing = Tools.Run("objdump", ["-d", "--no-show-raw-insn", "-j", ".text", image.Source.Name]);
        bool isAfterCall = false;
        int calls = 0;
        foreach (string line in listing.Split('\n'))
        {
            string[] parts = line.Split(':', 2);
            if (parts.Length != 2 || !parts[0].StartsWith(' '))
                continue;

            if (isAfterCall)
                Assert.True(
                    Osprey.Symbols.Modules.ReturnAddressCheck.IsAfterCall(image, Convert.ToUInt64(parts[0].Trim(), 16)),
                    line
                );

            isAfterCall = parts[1].Trim().StartsWith("call", StringComparison.Ordinal);
            calls += isAfterCall ? 1 : 0;
        }

        Assert.True(calls > 50);
    }

    private static void Check(string path, string? oraclePath = null)
    {
        using ElfSymbolSource source = ElfSymbolSource.Open(path, null, s_options);
        ElfSection text = source.Image.FindSection(".text")!;
        var random = new Random(1);
        ulong[] addresses =
        [
            .. Enumerable
                .Range(0, (int)Math.Min(text.Size, MaxAddresses))
                .Select(i =>
                    text.LinkAddress + (text.Size <= MaxAddresses ? (ulong)i : (ulong)random.NextInt64((long)text.Size))
                ),
        ];
        var comparison = new OracleComparison(oraclePath ?? path, source);
        List<string> differences = comparison.Compare(addresses);
        Assert.True(
            differences.Count == 0,
            $"{differences.Count} of {addresses.Length} differ:\n{string.Join('\n', differences.Take(10))}"
        );
        Assert.True(comparison.CheckedCount > 1_000);
        Assert.Empty(source.Diagnostics);
    }

    private string Build(string compiler, string options)
    {
        string path = Path.Combine(_folder, "program");
        string c = compiler == "g++" ? "gcc" : "clang";
        string plain = Path.Combine(_folder, "plain.o");
        string[] flags = options.Split(' ');
        Tools.Run(
            c,
            [
                .. flags.Where(flag => !flag.StartsWith("-Wl,", StringComparison.Ordinal)),
                "-c",
                "-o",
                plain,
                Path.Combine(Tools.Programs, "plain.c"),
            ],
            folder: _folder
        );
        Tools.Run(
            compiler,
            [
                .. flags,
                "-std=c++17",
                "-o",
                path,
                plain,
                .. ((string[])["main.cc", "shapes.cc"]).Select(name => Path.Combine(Tools.Programs, name)),
            ],
            folder: _folder
        );
        return path;
    }
}
