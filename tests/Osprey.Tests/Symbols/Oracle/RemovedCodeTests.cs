using System.Globalization;
using Osprey.Symbols;
using Osprey.Symbols.Sources;

namespace Osprey.Tests.Symbols.Oracle;

/// <summary>
/// Programs that the linker removed functions from. Their debug info is still there, at address 0 or 1, and long
/// enough to reach over all of the code that was kept.
/// </summary>
public sealed class RemovedCodeTests : IDisposable
{
    private const string Source = """
        void removed(void) { __asm__(".fill 0x8000,1,0x90"); }
        static inline int twice(int x) { return x * 2; }
        void removed_too(int x) { __asm__(".fill 0x4000,1,0x90" : : "r"(twice(x))); }
        int kept_inner(int x) { return x * 3 + 7; }
        int kept_outer(int x) { return kept_inner(x) + 1; }
        int main(int count, char **values) { return kept_outer(count); }
        """;

    private static readonly string[] s_kept = ["kept_inner", "kept_outer", "main"];

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolTheory("gcc", "ld.bfd", "nm")]
    [InlineData("-gdwarf-4")]
    [InlineData("-gdwarf-5")]
    [InlineData("-gdwarf-5 -shared -fPIC")]
    [InlineData("-gdwarf-5 -no-pie")]
    public void Bfd_KeptFunctions_HaveTheirOwnNames(string options) => CheckBuild("gcc", $"-fuse-ld=bfd {options}");

    [ToolTheory("gcc", "ld.gold", "nm")]
    [InlineData("-gdwarf-4")]
    [InlineData("-gdwarf-5")]
    public void Gold_KeptFunctions_HaveTheirOwnNames(string options) => CheckBuild("gcc", $"-fuse-ld=gold {options}");

    [ToolTheory("gcc", "ld.lld", "nm")]
    [InlineData("-gdwarf-4")]
    [InlineData("-gdwarf-5")]
    public void Lld_KeptFunctions_HaveTheirOwnNames(string options) => CheckBuild("gcc", $"-fuse-ld=lld {options}");

    [ToolTheory("clang", "ld.bfd", "nm")]
    [InlineData("-gdwarf-4 -gdwarf-aranges")]
    [InlineData("-gdwarf-5")]
    public void Clang_KeptFunctions_HaveTheirOwnNames(string options) =>
        CheckBuild("clang", $"-fuse-ld=bfd -fPIE {options}");

    [ToolFact("gcc", "nm", "strip")]
    public void WithoutSections_KeptFunctions_HaveTheirOwnNames()
    {
        string path = Build("gcc", "-gdwarf-5");
        string debug = path + ".debug";
        Tools.Run("objcopy", ["--only-keep-debug", path, debug]);
        Tools.Run("strip", [path]);
        Tools.Run("objcopy", [$"--add-gnu-debuglink={debug}", path]);
        Check(path, debug);
    }

    private void CheckBuild(string compiler, string options)
    {
        string path = Build(compiler, options);
        Check(path, path);
    }

    private static void Check(string path, string pathWithSymbols)
    {
        var options = new SymbolizerOptions { UseCache = false };
        using ElfSymbolSource source = ElfSymbolSource.Open(path, null, options);
        foreach ((string name, ulong start, ulong size) in ReadFunctions(pathWithSymbols))
        {
            for (ulong address = start; address < start + size; address++)
            {
                var frames = new List<SymbolFrame>();
                Assert.True(source.TryResolve(address, frames));
                Assert.Equal((name, "kept.c"), (frames[^1].Name, Path.GetFileName(frames[^1].File)));
                Assert.InRange(frames[^1].Line ?? 0, 4 + Array.IndexOf(s_kept, name), 4 + Array.IndexOf(s_kept, name));
            }
        }
    }

    private static IEnumerable<(string Name, ulong Start, ulong Size)> ReadFunctions(string path)
    {
        string[] lines = Tools.Run("nm", ["-S", path]).Split('\n');
        return s_kept.Select(name =>
        {
            string[] parts = lines.Single(line => line.EndsWith($" {name}", StringComparison.Ordinal)).Split(' ');
            return (name, Hex(parts[0]), Hex(parts[1]));
        });

        static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private string Build(string compiler, string options)
    {
        string source = Path.Combine(_folder, "kept.c");
        string path = Path.Combine(_folder, "kept");
        File.WriteAllText(source, Source);
        Tools.Run(
            compiler,
            [
                .. options.Split(' '),
                "-O1",
                "-fno-inline",
                "-ffunction-sections",
                "-Wl,--gc-sections",
                "-Wl,-e,main",
                "-Wl,-u,main",
                "-o",
                path,
                source,
            ],
            folder: _folder
        );
        return path;
    }
}
