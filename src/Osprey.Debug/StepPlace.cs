using Osprey.Symbols;

namespace Osprey.Debug;

/// <summary>The line of a source that an instruction belongs to, and the functions that it is in.</summary>
/// <param name="Rows">The functions, the innermost inlined one first; empty when debug info knows none.</param>
internal sealed record StepPlace(IReadOnlyList<SymbolFrame> Rows)
{
    /// <summary>Whether a line is known.</summary>
    public bool HasLine => Rows.Count > 0 && Rows[0].Line is > 0;

    /// <summary>Finds the place of an instruction.</summary>
    public static StepPlace Find(Symbolizer symbols, ulong address)
    {
        var rows = new List<SymbolFrame>();
        symbols.TryResolve(address, rows);
        return new StepPlace(rows);
    }

    /// <summary>
    /// Tells whether another place is still on this line: also when it is in a function that was inlined there, if such
    /// are stepped over.
    /// </summary>
    public bool IsSameLine(StepPlace other, bool seesInlined)
    {
        int depth = Rows.Count;
        if (other.Rows.Count < depth || (seesInlined && other.Rows.Count != depth))
            return false;

        SymbolFrame here = Rows[0];
        SymbolFrame there = other.Rows[other.Rows.Count - depth];
        return here.Name == there.Name && here.File == there.File && here.Line == there.Line;
    }

    /// <summary>Tells whether another place is within this function, inlined as it is here.</summary>
    public bool IsWithin(StepPlace other) =>
        other.Rows.Count >= Rows.Count && other.Rows[other.Rows.Count - Rows.Count].Name == Rows[0].Name;
}
