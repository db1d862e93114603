using System.Globalization;
using Osprey.Binary.Dwarf;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Dwarf.Lists;
using Osprey.Binary.Elf;
using Osprey.Symbols;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Variables;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Symbols.Types;

/// <summary>
/// Compares scopes and location lists of compiled programs with the answers of gdb and <c>llvm-dwarfdump</c>.
/// </summary>
public sealed class CompiledScopesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    private string Program => Path.Combine(_folder, "program");

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolTheory("g++", "clang++", "gdb")]
    [Trait("Category", "Slow")]
    [InlineData("g++", "-O0 -gdwarf-5")]
    [InlineData("g++", "-O2 -gdwarf-5")]
    [InlineData("g++", "-O2 -gdwarf-4")]
    [InlineData("clang++", "-O0 -gdwarf-5")]
    [InlineData("clang++", "-O2 -gdwarf-4")]
    public void FindScopes_EveryAddress_HasTheVariablesOfGdb(string compiler, string options)
    {
        Build(compiler, options);
        string names = Path.Combine(_folder, "names");
        File.WriteAllLines(names, ["lab::caller(int)", "lab::statics(int)", "main"]);
        string text = Tools.Run(
            "env",
            [
                $"NAMES={names}",
                "gdb",
                "-batch",
                "-nx",
                "-ex",
                $"source {Path.Combine(GdbComparison.Samples, "scopes.py")}",
                Program,
            ]
        );
        using TypeCatalog catalog = TypeCatalog.Open(Program, new SymbolizerOptions { UseCache = false });
        string[] expected = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] actual = [.. expected.Select(line => Describe(catalog, line.Split('\t')[0]))];
        Assert.True(expected.Length > 60);
        string[] different =
        [
            .. expected
                .Zip(actual)
                .Where(pair => pair.First != pair.Second)
                .Select(pair => $"gdb {pair.First}\n   here {pair.Second}"),
        ];
        Assert.True(
            different.Length == 0,
            $"{different.Length} of {expected.Length} differ:\n{string.Join('\n', different.Take(10))}"
        );
        Assert.Empty(catalog.Diagnostics);
    }

    [ToolTheory("g++", "clang++", "llvm-dwarfdump")]
    [InlineData("g++", "-O2 -gdwarf-5")]
    [InlineData("g++", "-O2 -gdwarf-4")]
    [InlineData("clang++", "-O2 -gdwarf-5")]
    [InlineData("clang++", "-O2 -gdwarf-4")]
    public void LocationLists_OfAProgram_AreThoseOfDwarfdump(string compiler, string options)
    {
        Build(compiler, options);
        var expected = new List<string>();
        bool isList = false;
        foreach (string line in Tools.Run("llvm-dwarfdump", ["--debug-info", Program]).Split('\n'))
        {
            string text = line.Trim();
            if (text.StartsWith("DW_AT_", StringComparison.Ordinal))
                isList = text.StartsWith("DW_AT_location\t(", StringComparison.Ordinal) && text.EndsWith(':');
            else if (isList && text.StartsWith("[0x", StringComparison.Ordinal))
                expected.Add($"{Convert.ToUInt64(text[1..19], 16):x}-{Convert.ToUInt64(text[21..39], 16):x}");
        }

        using var image = ElfImage.Open(Program);
        var actual = new List<string>();
        foreach (CompilationUnit unit in new DebugInfo(DwarfSections.FromImage(image)).Units)
        {
            DieCursor cursor = unit.OpenCursor();
            while (cursor.MoveNext())
            {
                while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
                {
                    if (
                        name == DwarfAttribute.Location
                        && value.Form is DwarfForm.SectionOffset or DwarfForm.LocationListIndex
                    )
                        LocationListReader.Read(
                            unit,
                            value,
                            (range, _, _, _) => actual.Add($"{range.Low:x}-{range.High:x}")
                        );
                }
            }
        }

        // Empty ranges have no meaning.
        expected.RemoveAll(item => item.Split('-')[0] == item.Split('-')[1]);
        Assert.True(expected.Count > 20);
        Assert.Equal(expected, actual);
    }

    private static string Describe(TypeCatalog catalog, string address)
    {
        IReadOnlyList<DebugScope> scopes = catalog.FindScopes(
            ulong.Parse(address, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        );
        return $"{address}\t{string.Join(';', scopes.Select(Describe))}";
    }

    private static string Describe(DebugScope scope) =>
        $"{scope.Name}|"
        + $"{string.Join(',', scope.Variables.Select(item => item.Name).Distinct().Order(StringComparer.Ordinal))}";

    private void Build(string compiler, string options) =>
        Tools.Run(
            compiler,
            [
                .. options.Split(' '),
                "-std=c++17",
                "-w",
                "-o",
                Program,
                Path.Combine(GdbComparison.Samples, "shapes.cpp"),
                Path.Combine(GdbComparison.Samples, "hidden.cpp"),
            ],
            folder: _folder
        );
}
