using Osprey.Binary;
using Osprey.Binary.Dwarf;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Elf;
using Osprey.Symbols.Types.Entries;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Symbols.Types.Entries;

public sealed class UnitScopesTests : IDisposable
{
    private static readonly DwarfTag[] s_scopes =
    [
        DwarfTag.Namespace,
        DwarfTag.Subprogram,
        DwarfTag.EnumerationType,
        DwarfTag.StructureType,
        DwarfTag.ClassType,
        DwarfTag.UnionType,
        DwarfTag.InterfaceType,
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    private string Program => Path.Combine(_folder, "program");

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolTheory("g++", "clang++")]
    [InlineData("g++", "-O2 -gdwarf-5")]
    [InlineData("clang++", "-O0 -gdwarf-4")] // without DW_AT_sibling
    public void FindAround_EachEntryInAnyOrder_IsWhatAWalkOverAllEntriesHas(string compiler, string options)
    {
        Build(compiler, options);
        using var image = ElfImage.Open(Program);
        var random = new Random(7);
        int checkedEntries = 0;
        foreach (CompilationUnit unit in new DebugInfo(DwarfSections.FromImage(image)).Units)
        {
            (ulong Offset, ulong[] Scopes)[] entries = [.. Walk(unit)];
            random.Shuffle(entries);

            // From the start, the end and the middle of the unit first.
            var sorted = new UnitScopes(unit);
            var shuffled = new UnitScopes(unit);
            foreach ((ulong offset, ulong[] scopes) in entries.OrderBy(entry => entry.Offset))
                AssertScopes(scopes, sorted, offset);

            foreach ((ulong offset, ulong[] scopes) in entries)
                AssertScopes(scopes, shuffled, offset);

            checkedEntries += entries.Length;
        }

        Assert.True(checkedEntries > 3_000, $"{checkedEntries} entries");
    }

    [ToolFact("g++")]
    public void FindAround_DamagedUnit_EndsWithScopesOrOurError()
    {
        Build("g++", "-O2 -gdwarf-5");
        byte[] bytes = File.ReadAllBytes(Program);
        using var intact = ElfImage.Open(Program);
        ElfSection section = intact.FindSection(".debug_info")!;
        var random = new Random(11);
        int damaged = 0;
        for (int round = 0; round < 60; round++)
        {
            byte[] copy = [.. bytes];
            for (int i = 0; i < 20; i++)
                copy[(int)section.Offset + random.Next((int)section.Size)] = (byte)random.Next(256);

            File.WriteAllBytes(Program, copy);
            using var image = ElfImage.Open(Program);
            try
            {
                foreach (CompilationUnit unit in new DebugInfo(DwarfSections.FromImage(image)).Units)
                {
                    var scopes = new UnitScopes(unit);
                    for (int i = 0; i < 50; i++)
                        scopes.FindAround((ulong)random.NextInt64((long)unit.Offset, (long)unit.EndOffset), []);
                }
            }
            catch (BadDataException)
            {
                damaged++;
            }
        }

        Assert.NotEqual(0, damaged);
    }

    private static void AssertScopes(ulong[] expected, UnitScopes scopes, ulong offset)
    {
        var actual = new List<ulong>();
        scopes.FindAround(offset, actual);
        Assert.True(
            expected.AsSpan().SequenceEqual(actual.ToArray()),
            $"entry 0x{offset:x}: [{string.Join(' ', actual)}] in place of [{string.Join(' ', expected)}]"
        );
    }

    /// <summary>Lists all entries of a unit but its own, each with the scopes around it, innermost first.</summary>
    private static List<(ulong Offset, ulong[] Scopes)> Walk(CompilationUnit unit)
    {
        var entries = new List<(ulong, ulong[])>();
        var open = new Stack<(int Depth, ulong Offset)>();
        DieCursor cursor = unit.OpenCursor();
        cursor.MoveNext();
        while (cursor.MoveNext())
        {
            while (open.Count > 0 && open.Peek().Depth >= cursor.Depth)
                open.Pop();

            entries.Add((cursor.Offset, [.. open.Select(scope => scope.Offset)]));
            if (cursor.HasChildren && s_scopes.Contains(cursor.Tag))
                open.Push((cursor.Depth, cursor.Offset));
        }

        return entries;
    }

    private void Build(string compiler, string options) =>
        Tools.Run(
            compiler,
            [
                .. options.Split(' '),
                "-std=c++17",
                "-w",
                "-include",
                "map",
                "-include",
                "iostream",
                "-include",
                "functional",
                "-o",
                Program,
                Path.Combine(GdbComparison.Samples, "shapes.cpp"),
                Path.Combine(GdbComparison.Samples, "hidden.cpp"),
            ],
            folder: _folder
        );
}
