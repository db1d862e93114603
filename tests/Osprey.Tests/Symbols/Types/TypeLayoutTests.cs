using System.Text.RegularExpressions;
using Osprey.Symbols;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Layout;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Symbols.Types;

public sealed partial class TypeLayoutTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Of_Sample_HasHolesBitsAndPadding()
    {
        using TypeCatalog catalog = TypeSamples.Open(TypeSamples.Program(5).Build());
        Assert.Equal(
            """
            /* offset      |    size */
                                         struct n::box {
            /*      0      |       4 */      int first;
            /* XXX 3-bit hole        */
            /*      4: 3   |       4 */      unsigned int bits : 5;
            /* XXX 1-byte hole       */
            /* XXX 4-bit hole        */
            /*      6: 4   |       4 */      unsigned int old : 3;
            /* XXX 1-bit hole        */
            /* XXX 1-byte hole       */
            /*      8      |       8 */      n::box *next;
            /*     16      |      24 */      int items[2][3];
            /* XXX 8-byte padding    */
                                             static int shared;
                                         }
            /* size: 48 bytes, members: 5, holes: 2 bytes 8 bits, padding: 8 bytes */

            """,
            LayoutText.Format(TypeLayout.Of(catalog.FindType("n::box")!))
        );
        Assert.Equal(
            """
            /* offset      |    size */
                                         enum n::color : unsigned int {
                                             red = 1,
                                             blue = 3,
                                         }
            /* size: 4 bytes, members: 0, holes: 0 bytes 0 bits, padding: 0 bytes */

            """,
            LayoutText.Format(TypeLayout.Of(catalog.FindType("n::color")!))
        );
    }

    [ToolFact("g++", "gdb")]
    public void Of_CompiledTypes_HasTheHolesOfGdb()
    {
        string path = Path.Combine(_folder, "program");
        Tools.Run(
            "g++",
            [
                "-std=c++17",
                "-g",
                "-o",
                path,
                Path.Combine(GdbComparison.Samples, "shapes.cpp"),
                Path.Combine(GdbComparison.Samples, "hidden.cpp"),
            ]
        );
        using TypeCatalog catalog = TypeCatalog.Open(path, new SymbolizerOptions { UseCache = false });
        foreach (
            string name in (string[])
                [
                    "lab::bits",
                    "lab::tight",
                    "lab::anonymous",
                    "lab::outer",
                    "lab::aligned",
                    "lab::holder<unsigned long, 4, true>",
                    "lab::outer::impl",
                ]
        )
        {
            string text = Tools.Run("gdb", ["-batch", "-nx", "-ex", $"ptype /o {name}", path]);
            string[] expected = [.. Gaps().Matches(text).Select(match => match.Groups[1].Value)];
            string[] actual =
            [
                .. TypeLayout
                    .Of(catalog.FindType(name)!, 16)
                    .Rows.Where(row => row.Text.StartsWith("XXX ", StringComparison.Ordinal))
                    .Select(row => row.Text[4..]),
            ];
            Assert.True(
                expected.SequenceEqual(actual),
                $"{name}: gdb {string.Join(", ", expected)}; here {string.Join(", ", actual)}\n{text}"
            );
        }
    }

    [GeneratedRegex(@"XXX +(\d+-(?:byte|bit) +(?:hole|padding))")]
    private static partial Regex Gaps();
}
