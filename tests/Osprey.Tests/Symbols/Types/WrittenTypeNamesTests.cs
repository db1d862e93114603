using Osprey.Symbols;
using Osprey.Symbols.Types;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Symbols.Types;

/// <summary>Types by the names that users write, in programs of real compilers.</summary>
public sealed class WrittenTypeNamesTests : IDisposable
{
    private const string Source = """
        #include <map>
        #include <string>
        #include <vector>
        struct node { int v; };
        std::vector<node*> nodes;
        std::vector<int> ints;
        std::map<int, std::string> names;
        template<class T, class U = long, int N = 2> struct pair_of { T t[N]; U u; struct part { T x; }; part p; };
        pair_of<char> one;
        pair_of<int> two;
        pair_of<int, int> three;
        template<class T, int N> struct Box { T v[N]; struct In { T t; } in; };
        Box<long, 3> b;
        namespace space { struct outer { struct inner { short s; } i; } o; }
        int main() { return (int)b.v[0] + (int)nodes.size() + (int)names.size() + (int)ints.size(); }
        """;

    private static readonly SymbolizerOptions s_options = new() { UseCache = false };

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolTheory("g++", "clang++")]
    [InlineData("g++", "-gdwarf-5")]
    [InlineData("clang++", "-gdwarf-5 -fstandalone-debug")]
    [InlineData("clang++", "-gdwarf-5 -fstandalone-debug -fdebug-types-section")]
    [InlineData("clang++", "-gdwarf-4 -fstandalone-debug -fdebug-types-section")]
    public void FindType_NamesAsWritten_AreTheTypesWithAllArguments(string compiler, string options)
    {
        string source = Path.Combine(_folder, "t.cc");
        string path = Path.Combine(_folder, "t");
        File.WriteAllText(source, Source);
        Tools.Run(compiler, [.. options.Split(' '), "-o", path, source], folder: _folder);
        using TypeCatalog catalog = TypeCatalog.Open(path, s_options);
        Assert.Equal(
            [24ul, 24ul, 24ul, 48ul, 24ul, 24ul, 16ul, 16ul, 1ul, 8ul, 8ul, 8ul, 2ul, 8ul],
            (
                (string[])
                    [
                        "std::vector<node*>",
                        "std::vector<node *>",
                        "std::vector<int>",
                        "std::map<int, std::string>",
                        "pair_of<char, long>",
                        "pair_of<char>",
                        "pair_of<int, int>",
                        "pair_of<int, int, 2>",
                        "pair_of<char>::part",
                        "Box<long,3>::In",
                        "char const *",
                        "struct node const *",
                        "space::outer::inner",
                        "std::vector<int>&",
                    ]
            ).Select(name => catalog.FindType(name)?.Size ?? 0)
        );

        // Two types can be meant, and neither has only defaults of the standard library.
        Assert.Null(catalog.FindType("pair_of<int>"));
        Assert.Null(catalog.FindType("std::vector<long>"));
    }

    [ToolFact("rustc")]
    public void FindType_NamesOfRust_AreFoundAsTheCompilerWritesThem()
    {
        string source = Path.Combine(_folder, "r.rs");
        string path = Path.Combine(_folder, "r");
        File.WriteAllText(
            source,
            """
            pub struct Part { pub a: u32 }
            pub fn f(p: &[Part], s: &str) -> usize { p.len() + s.len() + p[0].a as usize }
            fn main() { let v = vec![Part { a: 1 }]; println!("{}", f(&v, "x")); }
            """
        );
        Tools.Run("rustc", ["-g", "-o", path, source], folder: _folder);
        using TypeCatalog catalog = TypeCatalog.Open(path, s_options);
        Assert.Equal(
            [4ul, 16ul, 16ul, 24ul, 8ul, 8ul, 0ul],
            (
                (string[])
                    ["r::Part", "&[r::Part]", "&str", "alloc::vec::Vec<r::Part>", "*const r::Part", "&mut u8", "&none"]
            ).Select(name => catalog.FindType(name)?.Size ?? 0)
        );
    }
}
