using System.Text.RegularExpressions;
using Osprey.Binary.Elf.Symbols;
using Osprey.Symbols;
using Osprey.Symbols.Sources;

namespace Osprey.Tests.Symbols.Oracle;

/// <summary>
/// Compares a file's frames with those of <c>llvm-symbolizer</c>, for each address: the chain, names, files and lines.
/// </summary>
/// <remarks>
/// One difference is expected. For the outermost frame llvm-symbolizer takes the name from the symbol table instead of
/// from DWARF. The two differ
/// (1) where the compiler cut a function up or made a copy of it: <c>f.cold</c>, <c>f.part.0</c>, <c>f.isra.0</c>;
/// (2) for constructors and destructors, whose variants C1 and C2 or D1 and D2 share one body;
/// (3) where a function has several names, of which llvm-symbolizer takes the last in the table;
/// (4) where the compiler found two functions to be the same and kept one, under the other's name.
/// In all of these the name from DWARF is taken here, as addr2line does: the functions and lines then belong together.
/// Each difference in a name is checked to be one of them; in anything else none are allowed.
/// </remarks>
internal sealed partial class OracleComparison(string oracleFile, ElfSymbolSource source)
{
    private readonly ElfSymbolTable _symbols = source.Image.ReadSymbols();

    public int CheckedCount { get; private set; }

    public int FrameCount { get; private set; }

    /// <summary>The number of addresses with an expected difference.</summary>
    public int MeantCount { get; private set; }

    /// <summary>Compares all addresses.</summary>
    /// <returns>The unexpected differences, as text.</returns>
    public List<string> Compare(IReadOnlyList<ulong> addresses)
    {
        var differences = new List<string>();
        List<List<OracleFrame>> expected = LlvmSymbolizer.Resolve(oracleFile, addresses);
        var frames = new List<SymbolFrame>();
        for (int i = 0; i < addresses.Count; i++)
        {
            frames.Clear();
            source.TryResolve(addresses[i], frames);
            List<OracleFrame> actual =
            [
                .. frames.Select(frame => new OracleFrame(frame.Name ?? "??", frame.File ?? "??", frame.Line ?? 0)),
            ];
            if (actual.Count == 0)
                actual.Add(new OracleFrame("??", "??", 0));

            CheckedCount++;
            FrameCount += actual.Count;
            if (actual.SequenceEqual(expected[i]))
                continue;

            if (IsMeant(addresses[i], expected[i], actual))
                MeantCount++;
            else
                differences.Add(
                    $"0x{addresses[i]:x}\n  expected {string.Join(" < ", expected[i])}\n"
                        + $"  actual   {string.Join(" < ", actual)}"
                );
        }

        return differences;
    }

    [GeneratedRegex("([CD])[0-9]")]
    private static partial Regex VariantPattern();

    private bool IsMeant(ulong address, List<OracleFrame> expected, List<OracleFrame> actual)
    {
        OracleFrame theirs = expected[^1];
        OracleFrame ours = actual[^1];
        if (
            actual.Count != expected.Count
            || !actual.SkipLast(1).SequenceEqual(expected.SkipLast(1))
            || ours with { Name = "" } != theirs with { Name = "" }
        )
            return false;

        string theirVariant = VariantPattern().Replace(theirs.Name, "$1");
        string ourVariant = VariantPattern().Replace(ours.Name, "$1");
        return theirVariant == ourVariant
            || theirVariant.StartsWith(ourVariant + ".", StringComparison.Ordinal)
            || IsAlias(theirs.Name, ours.Name)
            || LlvmSymbolizer.GetOutermostByAddr2line(oracleFile, address) == ours.Name;
    }

    private bool IsAlias(string one, string other) =>
        _symbols.Find(one) is { } first
        && _symbols.Find(other) is { } second
        && first.LinkAddress == second.LinkAddress;
}
