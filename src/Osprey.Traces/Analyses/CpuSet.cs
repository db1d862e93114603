using System.Globalization;

namespace Osprey.Traces.Analyses;

/// <summary>Some CPUs of a guest, written as <c>0,2-3</c>.</summary>
public sealed class CpuSet
{
    private const int None = -1;
    private readonly List<(uint First, uint Last)> _ranges = [];

    private CpuSet() { }

    /// <summary>Reads a list of numbers and ranges.</summary>
    /// <returns>Null when the text is not one.</returns>
    public static CpuSet? TryParse(string text)
    {
        var set = new CpuSet();
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-', 2);
            if (!uint.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint first))
                return null;

            uint last = first;
            if (
                ends.Length == 2
                && (!uint.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out last) || last < first)
            )
                return null;

            set._ranges.Add((first, last));
        }

        return set._ranges.Count > 0 ? set : null;
    }

    /// <summary>The numbers and ranges, as they were given.</summary>
    public IReadOnlyList<(uint First, uint Last)> Ranges => _ranges;

    /// <summary>Tells whether a CPU is one of these.</summary>
    public bool Contains(uint cpu) => IndexOf(cpu) != None;

    /// <summary>The index of the first range that a CPU lies in; -1 for none.</summary>
    internal int IndexOf(uint cpu)
    {
        for (int i = 0; i < _ranges.Count; i++)
        {
            if (cpu >= _ranges[i].First && cpu <= _ranges[i].Last)
                return i;
        }

        return None;
    }
}
