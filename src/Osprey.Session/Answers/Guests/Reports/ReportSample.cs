using System.Globalization;
using System.Text;
using Osprey.Session.Answers.Traces.Samples;
using Osprey.Session.Guests;
using Osprey.Session.Traces.Rings;
using Osprey.Target;
using Osprey.Traces.Model;

namespace Osprey.Session.Answers.Guests.Reports;

/// <summary>One of the last samples in a guest's trace buffers.</summary>
/// <param name="Time">Nanoseconds since the guest's boot.</param>
/// <param name="Cpu">The CPU; null when it is not known.</param>
/// <param name="Thread">The thread's name.</param>
/// <param name="Tracepoint">The tracepoint's name.</param>
/// <param name="Arguments">The arguments as the tracepoint's format shows them.</param>
internal sealed record ReportSample(ulong Time, uint? Cpu, string Thread, string Tracepoint, string Arguments)
{
    /// <summary>The columns.</summary>
    public static Shape<ReportSample> Shape { get; } =
        new Shape<ReportSample>("samples")
            .Unsigned("time", sample => sample.Time)
            .Unsigned("cpu", sample => sample.Cpu)
            .Text("thread", sample => sample.Thread)
            .Text("tracepoint", sample => sample.Tracepoint)
            .Text("arguments", sample => sample.Arguments);

    /// <summary>The sample as a line.</summary>
    public string Line =>
        string.Create(CultureInfo.InvariantCulture, $"{Time / 1e9:0.000000} {Thread} {Tracepoint} {Arguments}")
            .TrimEnd();

    /// <summary>Reads the newest samples, the oldest of them first. A live guest is not paused.</summary>
    /// <exception cref="TargetException">The guest has no trace buffers, or they can't be read.</exception>
    public static IReadOnlyList<ReportSample> Read(GuestSession session, int most, CancellationToken cancellation)
    {
        GuestRings rings = GuestRings.Of(session, startsAtNewest: false, cancellation);
        rings.RequireAllocated();
        var last = new Queue<SampleCopy>();
        new LiveSamples(rings).Finish(
            (in TraceEvent sample) =>
            {
                if (last.Count == most)
                    last.Dequeue();

                last.Enqueue(new SampleCopy(sample));
            },
            _ => { }
        );
        var cells = new SampleCells(rings.Tracepoints, symbols: null);
        return [.. last.Select(copy => Of(copy.Sample, rings, cells))];
    }

    private static ReportSample Of(in TraceEvent sample, GuestRings rings, SampleCells cells) =>
        new(
            sample.Time,
            sample.Cpu == uint.MaxValue ? null : sample.Cpu,
            Encoding.UTF8.GetString(sample.ThreadName),
            rings.Tracepoints[sample.Tracepoint].Name,
            Encoding.UTF8.GetString(cells.FormatArguments(sample))
        );
}
