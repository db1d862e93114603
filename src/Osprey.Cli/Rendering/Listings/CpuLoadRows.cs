using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers.Traces.Samples;
using Osprey.Traces.Analyses.Scheduling;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Writes run queue lengths as columns, CSV or JSON lines.</summary>
/// <param name="output">Where to.</param>
/// <param name="isCsv">Write CSV.</param>
/// <param name="isJson">Write JSON lines.</param>
/// <param name="isCompat">Print as the reference does: numbers of three characters that may run together.</param>
/// <param name="hasHeader">Begin with a header, and again when CPUs appear that it does not name.</param>
internal sealed class CpuLoadRows(Output output, bool isCsv, bool isJson, bool isCompat, bool hasHeader)
{
    private readonly JsonLines _json = new();
    private int _headedCpus;

    /// <summary>The number of rows that were written.</summary>
    public long Count { get; private set; }

    public void Write(CpuLoadRow row)
    {
        Count++;
        if (isJson)
        {
            _json.Append(output.Text, CpuLoadShape.Shape, row);
            output.FlushIfLarge();
            return;
        }

        Utf8Builder text = output.Text;
        if (hasHeader && row.Loads.Count > _headedCpus)
            WriteHeader(text, row.Loads.Count);

        int start = text.Length;
        TimeText.AppendSeconds(text, row.Time, isCsv && !isCompat ? 0 : 12, isCompat);
        if (!isCsv)
            text.AppendRepeated((byte)' ', 20 - (text.Length - start));

        foreach (ulong? load in row.Loads)
        {
            if (isCsv)
                text.Append((byte)',');
            else if (!isCompat)
                text.Append((byte)' ');

            if (load is ulong value)
                text.AppendDecimal(value, isCsv ? 0 : 3);
            else if (!isCsv)
                text.Append("   "u8);
        }

        text.Append((byte)'\n');
        output.FlushIfLarge();
    }

    private void WriteHeader(Utf8Builder text, int cpus)
    {
        _headedCpus = cpus;
        text.Append(isCsv ? "time" : "TIMESTAMP[s]".PadRight(20));
        for (int cpu = 0; cpu < cpus; cpu++)
            text.Append(isCsv ? $",cpu{cpu}" : $" {"C" + cpu, 3}");

        text.Append((byte)'\n');
    }
}
