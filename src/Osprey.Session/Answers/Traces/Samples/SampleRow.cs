using Osprey.Traces.Model;

namespace Osprey.Session.Answers.Traces.Samples;

/// <summary>A sample as a row. Valid while its batch is.</summary>
public readonly ref struct SampleRow
{
    private readonly SampleCells _cells;
    private readonly string? _network;

    internal SampleRow(scoped in TraceEvent sample, SampleCells cells, string? network)
    {
        Sample = sample;
        _cells = cells;
        _network = network;
    }

    /// <summary>The columns.</summary>
    public static Shape<SampleRow> Shape { get; } =
        CreatePlain()
            .Records("backtrace", row => row._cells.ResolveBacktrace(row.Sample), () => SymbolFrameShape.Shape)
            .Optional()
            .Text("network", row => row._network)
            .Optional();

    /// <summary>The columns that every sample has a value of; for listings without backtraces and packets.</summary>
    public static Shape<SampleRow> PlainShape { get; } = CreatePlain();

    /// <summary>The sample.</summary>
    public TraceEvent Sample { get; }

    private static Shape<SampleRow> CreatePlain() =>
        new Shape<SampleRow>("samples")
            .Time("time", row => row.Sample.Time)
            .Integer("cpu", row => row.Sample.Cpu == uint.MaxValue ? null : row.Sample.Cpu)
            .Address("thread", row => row.Sample.Thread)
            .Utf8("threadName", row => row.Sample.ThreadName)
            .Utf8("tracepoint", row => row._cells.TracepointOf(row.Sample).NameBytes.Span)
            .List("arguments", (row, writer) => row._cells.WriteArguments(row.Sample, writer))
            .Utf8("text", row => row._cells.FormatArguments(row.Sample));
}
