using System.Globalization;

namespace Osprey.Traces.Analyses;

/// <summary>Some CPUs of a guest, written as <c>0,2-3</c>.</summary>
public sealed class CpuSet
{
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

    /// <summary>Tells whether a CPU is one of these.</summary>
    public bool Contains(uint cpu)
    {
        foreach ((uint first, uint last) in _ranges)
        {
            if (cpu >= first && cpu <= last)
                return true;
        }

        return false;
    }
}
