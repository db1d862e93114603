using Osprey.Symbols;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Symbols.Types;

/// <summary>Compares programs of real compilers with gdb's answers.</summary>
public sealed class CompiledTypesTests : IDisposable
{
    private static readonly SymbolizerOptions s_options = new() { UseCache = false };

    private static readonly string[] s_names =
    [
        "type lab::bits",
        "type lab::tight",
        "type lab::anonymous",
        "type lab::either",
        "type lab::several",
        "type lab::bottom",
        "type lab::arrays",
        "type lab::pointers",
        "type lab::pack<int, char*, lab::inner>",
        "type lab::pack<>",
        "type lab::holder<unsigned long, 4, true>",
        "type lab::holder<char const*, 2, false>::cursor",
        "type lab::constants",
        "type lab::aligned",
        "type lab::self",
        "type lab::outer",
        "type lab::outer::impl",
        "type lab::inner::deep",
        "type lab::unnamed_struct",
        "type lab::callback",
        "type lab::words",
        "type lab::word",
        "type lab::v2::versioned",
        "type lab::(anonymous namespace)::local_type",
        "type std::string",
        "type lab::scoped",
        "type lab::big",
        "type unsigned long",
        "address lab::shared_counter",
        "address lab::table",
        "address lab::owned",
        "address lab::held",
        "address lab::constants::counted",
        "address lab::(anonymous namespace)::file_counter",
        "address lab::v2::versioned_counter",
        "address lab::the_one",
        "value lab::(anonymous namespace)::file_constant",
        "value lab::global_constant",
        "value lab::constants::forty_two",
        "value lab::constants::minus_one",
        "value lab::constants::byte",
        "value lab::constants::letter",
        "enum lab::plain",
        "enum lab::scoped",
        "enum lab::negative",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolFact("g++", "gdb")]
    public void Gcc_Types_AreThoseOfGdb() => Check("g++", "-O0 -gdwarf-5");

    [ToolTheory("g++", "gdb")]
    [Trait("Category", "Slow")]
    [InlineData("-O0 -gdwarf-4")]
    [InlineData("-O2 -gdwarf-5")]
    [InlineData("-O2 -gdwarf-4 -no-pie")]
    [InlineData("-O0 -gdwarf-2")]
    [InlineData("-O0 -gdwarf-3")]
    [InlineData("-O0 -gdwarf-4 -fdebug-types-section")]
    [InlineData("-O0 -gdwarf-5 -fdebug-types-section")]
    [InlineData("-O0 -gdwarf-5 -gz=zlib")]
    [InlineData("-O0 -gdwarf64 -gdwarf-5")]
    public void Gcc_Options_AreThoseOfGdb(string options) => Check("g++", options);

    [ToolTheory("clang++", "gdb")]
    [Trait("Category", "Slow")]
    [InlineData("-O0 -gdwarf-4 -fstandalone-debug")]
    [InlineData("-O0 -gdwarf-5 -fstandalone-debug")]
    [InlineData("-O2 -gdwarf-5 -fstandalone-debug")]
    public void Clang_Options_AreThoseOfGdb(string options) => Check("clang++", options);

    [ToolTheory("g++")]
    [InlineData("g++", "-O0 -g")]
    [InlineData("g++", "-O2 -g -gdwarf-4")]
    [InlineData("clang++", "-O0 -g -fstandalone-debug")]
    public void Variables_OfOneFileOrFunction_AreFound(string compiler, string options)
    {
        using TypeCatalog catalog = Open(compiler, options);
        Dictionary<string, ulong> symbols = ReadSymbols();
        Assert.Equal(symbols["_ZN3labL9same_nameE.hidden"], Address(catalog, "hidden.cpp::lab::same_name"));
        Assert.Equal(symbols["_ZZN3lab7staticsEiE4hits"], Address(catalog, "lab::statics::hits"));
        Assert.Equal(symbols["_ZZN3lab7staticsEiE4hits"], Address(catalog, "lab::statics(int)::hits"));
        Assert.Equal(symbols["_ZZN3lab7staticsEiE5label"], Address(catalog, "'lab::statics(int)'::label"));
        Assert.Equal(symbols["_ZZN3lab11count_callsEvE5calls"], Address(catalog, "lab::count_calls::calls"));
        Assert.Equal(
            symbols["_ZN3lab9constants5localE"],
            Assert.IsType<VariableLocation.ThreadLocal>(catalog.FindVariable("lab::constants::local")!.Location).Offset
        );
        Assert.Equal(
            symbols["_ZN3lab12shared_localE"],
            Assert.IsType<VariableLocation.ThreadLocal>(catalog.FindVariable("lab::shared_local")!.Location).Offset
        );
        Assert.Equal(symbols["_ZN3lab2v217versioned_counterE"], Address(catalog, "lab::versioned_counter"));
        Assert.Equal(symbols["_ZN3lab12_GLOBAL__N_112file_counterE"], Address(catalog, "lab::file_counter"));
        Assert.Equal(
            symbols["_ZN3lab12_GLOBAL__N_112file_counterE"],
            Address(catalog, "lab::(anonymous namespace)::file_counter")
        );
        Assert.Equal("lab::v2::versioned", catalog.FindType("lab::versioned")!.Name);
        Assert.Null(catalog.FindVariable("lab::nothing"));
        Assert.Null(catalog.FindVariable("shapes.cpp::lab::the_one"));
        Assert.Empty(catalog.Diagnostics);
    }

    [ToolFact("g++")]
    public void Functions_ByNameAndParameters_AreFound()
    {
        using TypeCatalog catalog = Open("g++", "-O0 -g");
        Dictionary<string, ulong> symbols = ReadSymbols();
        Assert.Equal(symbols["_ZN3lab10overloadedEi"], catalog.FindFunction("lab::overloaded(int)")!.LinkAddress);
        DebugFunction second = catalog.FindFunction("lab::overloaded(char const *, long)")!;
        Assert.Equal(symbols["_ZN3lab10overloadedEPKcl"], second.LinkAddress);
        Assert.Equal("int (const char *, long int)", TypeNames.Spell(second.Type));
        Assert.Equal(
            symbols["_ZN3lab11second_base6secondEv"],
            catalog.FindFunction("lab::second_base::second")!.LinkAddress
        );
        Assert.Equal(symbols["_ZN3lab5twiceIdEET_S1_"], catalog.FindFunction("lab::twice<double>")!.LinkAddress);
        Assert.Equal(symbols["main"], catalog.FindFunction("main")!.LinkAddress);
        Assert.Equal(symbols["_ZN3lab11count_callsEv"], catalog.FindFunction("lab::count_calls")!.LinkAddress);
        Assert.Null(catalog.FindFunction("lab::overloaded(char)"));
    }

    [ToolFact("gcc", "gdb")]
    public void PlainC_Types_AreThoseOfGdb()
    {
        string path = Path.Combine(_folder, "plain");
        Tools.Run("gcc", ["-O0", "-g", "-o", path, Path.Combine(GdbComparison.Samples, "plain.c")]);
        using TypeCatalog catalog = TypeCatalog.Open(path, s_options);
        var comparison = new GdbComparison(catalog);
        comparison.Run(
            path,
            _folder,
            "type point",
            "type struct tag",
            "type other",
            "type enum color",
            "type long double",
            "type unsigned char",
            "address same_name",
            "address only_here",
            "address c_global",
            "address helper::remembered",
            "address c_handlers",
            "address c_complex",
            "address 'plain.c'::only_here",
            "enum enum color"
        );
        Assert.Equal([], comparison.Differences);
        Assert.Equal(
            "int (*c_handlers[2])(int, const char *)",
            TypeNames.SpellDeclaration(catalog.FindVariable("c_handlers")!.Type, "c_handlers")
        );
        Assert.Equal(
            "volatile int * const restrict",
            TypeNames.Spell(
                Assert
                    .IsType<CompoundType>(catalog.FindType("struct tag"))
                    .Members.First(item => item.Name == "odd")
                    .Type
            )
        );
        Assert.True(
            Assert.IsType<CompoundType>(((PointerType)catalog.FindType("struct forward *")!).Target).IsDeclaration
        );
    }

    [ToolFact("g++")]
    public void Types_Spellings_MeanTheSameType()
    {
        using TypeCatalog catalog = Open("g++", "-O0 -g");
        foreach (
            (string first, string second) in (ReadOnlySpan<(string, string)>)
                [
                    ("unsigned long", "long unsigned int"),
                    ("unsigned", "unsigned int"),
                    ("short", "short int"),
                    ("signed", "int"),
                    ("std::vector<int, std::allocator<int> >", "std::vector<int,std::allocator<int>>"),
                    ("struct lab::bits", "class lab::bits"),
                    ("lab::holder<unsigned long, 4, true>", "::lab::holder< long unsigned int ,4ul,true >"),
                    ("lab::local_type", "lab::(anonymous namespace)::local_type"),
                    ("std::string", "std::string"),
                    (
                        "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >",
                        "std::basic_string<char, std::char_traits<char>, std::allocator<char>>"
                    ),
                ]
        )
        {
            Assert.NotNull(catalog.FindType(first));
            Assert.Same(catalog.FindType(first), catalog.FindType(second));
        }

        var hidden = Assert.IsType<CompoundType>(
            Assert.IsType<PointerType>(((CompoundType)catalog.FindType("lab::outer")!).Members[3].Type).Target
        );
        Assert.Same(catalog.FindType("lab::hidden"), hidden);
        Assert.Equal(3, hidden.Members.Count);
        Assert.Equal("const lab::bits * const *", TypeNames.Spell(catalog.FindType("lab::bits const * const *")));
        Assert.Equal("int [2][3]", TypeNames.Spell(catalog.FindType("int[2][3]")));
        Assert.Equal(24UL, catalog.FindType("int[2][3]")!.Size);
        Assert.Equal("void *", TypeNames.Spell(catalog.FindType("void*")));
        foreach (
            string name in (string[])
                [
                    "",
                    "::",
                    "lab::",
                    "lab::nothing",
                    "union lab::bits",
                    "int[x]",
                    "<",
                    ">>",
                    "a::b::c::d::",
                    "'",
                    "operator",
                    "void",
                    "void&",
                    "int[",
                ]
        )
            Assert.Null(catalog.FindType(name));
    }

    [ToolFact("clang++")]
    public void Templates_WithSimpleNames_AreFoundByTheirWholeNames()
    {
        using TypeCatalog catalog = Open("clang++", "-O0 -g -fstandalone-debug -gsimple-template-names");
        Assert.Equal(
            "lab::holder<unsigned long, 4, true>",
            catalog.FindType("lab::holder<unsigned long, 4, true>")!.Name
        );
        Assert.Equal("lab::pack<int, char *, lab::inner>", catalog.FindType("lab::pack<int, char*, lab::inner>")!.Name);
        Assert.Equal(4UL, catalog.FindType("lab::pack<>")!.Size);
        Assert.Equal(16UL, catalog.FindType("lab::holder<char const*, 2, false>::cursor")!.Size);
        Assert.Equal(24UL, catalog.FindType("std::vector<int, std::allocator<int>>")!.Size);
        Assert.Null(catalog.FindType("lab::holder<unsigned long, 5, true>"));
    }

    private static ulong Address(TypeCatalog catalog, string name) =>
        Assert.IsType<VariableLocation.Static>(catalog.FindVariable(name)?.Location).LinkAddress;

    private void Check(string compiler, string options)
    {
        using TypeCatalog catalog = Open(compiler, options);
        var comparison = new GdbComparison(catalog);
        comparison.Run(Path.Combine(_folder, "program"), _folder, s_names);
        Assert.True(
            comparison.Differences.Count == 0,
            $"{comparison.Differences.Count} differ of {comparison.Members}:\n"
                + $"{string.Join('\n', comparison.Differences.Take(40))}"
        );
        Assert.True(
            comparison.Types > 35 && comparison.Members > 90 && comparison.Values > 130,
            $"{comparison.Types} {comparison.Members} {comparison.Values}"
        );
        Assert.Empty(catalog.Diagnostics);
    }

    private TypeCatalog Open(string compiler, string options)
    {
        string path = Path.Combine(_folder, "program");
        Tools.Run(
            compiler,
            [
                .. options.Split(' '),
                "-std=c++17",
                "-w",
                "-o",
                path,
                Path.Combine(GdbComparison.Samples, "shapes.cpp"),
                Path.Combine(GdbComparison.Samples, "hidden.cpp"),
            ],
            folder: _folder
        );
        return TypeCatalog.Open(path, s_options);
    }

    private Dictionary<string, ulong> ReadSymbols()
    {
        var symbols = new Dictionary<string, ulong>();
        string file = "";
        foreach (string line in Tools.Run("readelf", ["-sW", Path.Combine(_folder, "program")]).Split('\n'))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 8 || parts[0] == "Num:")
                continue;

            if (parts[3] == "FILE")
                file = Path.GetFileNameWithoutExtension(parts[7]);

            ulong value = Convert.ToUInt64(parts[1], 16);
            symbols[parts[7]] = value;
            symbols[$"{parts[7]}.{file}"] = value;
        }

        return symbols;
    }
}
