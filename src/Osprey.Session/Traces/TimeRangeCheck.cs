using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Session.Traces;

/// <summary>Explains why no sample of a trace lies in a time range.</summary>
public static class TimeRangeCheck
{
    /// <summary>Compares a range with the times of a trace's samples.</summary>
    /// <remarks>A file is read once more for that; a pipe cannot be.</remarks>
    /// <param name="range">The range.</param>
    /// <param name="trace">The trace.</param>
    /// <returns>The reason; null when the range is not the reason.</returns>
    public static string? Explain(TimeRange range, TraceSession trace)
    {
        if (range.Since is null && range.Until is null)
            return null;

        if (range.Since >= range.Until)
            return "the time range is empty: its end is not after its begin";

        if (!trace.IsFile || FindSpan(trace.Path, range) is not (ulong first, ulong last))
            return null;

        return $"no sample lies in the time range; the trace's are from {Seconds(first)} to {Seconds(last)}";
    }

    /// <returns>The first and the last time; null when a sample lies in the range, or there is none at all.</returns>
    private static (ulong First, ulong Last)? FindSpan(string path, TimeRange range)
    {
        using TraceSession again = TraceSession.Open(path);
        var batch = new SampleBatch();
        (ulong first, ulong last) = (ulong.MaxValue, 0);
        while (again.Reader.Read(batch))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                ulong time = batch[i].Time;
                if (range.Contains(time))
                    return null;

                first = Math.Min(first, time);
                last = Math.Max(last, time);
            }
        }

        return first <= last ? (first, last) : null;
    }

    private static string Seconds(ulong time)
    {
        var text = new Utf8Builder(32);
        TimeText.AppendSeconds(text, time, width: 0);
        return text + " s";
    }
}
