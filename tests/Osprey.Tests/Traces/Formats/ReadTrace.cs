using Osprey.Binary;
using Osprey.Traces.Formats;
using Osprey.Traces.Formats.Tracefile;
using Osprey.Traces.Merging;
using Osprey.Traces.Model;

namespace Osprey.Tests.Traces.Formats;

/// <summary>A trace read to its end.</summary>
/// <param name="Reader">The reader, closed.</param>
/// <param name="Samples">Each sample's bytes as a tracefile is written with them.</param>
internal sealed record ReadTrace(TraceReader Reader, IReadOnlyList<byte[]> Samples)
{
    /// <summary>What reading stopped at; null when it went to the end.</summary>
    public string? Damage => Reader.Stats.Damage?.Message;

    /// <summary>The samples, each as time, CPU, thread, name and arguments.</summary>
    public IReadOnlyList<string> Lines { get; private init; } = [];

    /// <summary>Reads a trace from a pipe.</summary>
    public static ReadTrace From(byte[] bytes, MergeOrder order = MergeOrder.TimeThenCpu, ParseLimits? limits = null)
    {
        using TraceReader reader = TraceFormats.Standard.Open(
            TraceInput.FromStream("trace", new PipeStream(bytes)),
            new TraceReadOptions { MergeOrder = order, Limits = limits ?? ParseLimits.Default }
        );
        return ToEnd(reader);
    }

    /// <summary>Reads a trace from a file.</summary>
    public static ReadTrace FromFile(string path)
    {
        using TraceReader reader = TraceFormats.Standard.Open(TraceInput.OpenFile(path));
        return ToEnd(reader);
    }

    /// <summary>The trace written as a tracefile again.</summary>
    public byte[] Write()
    {
        using var stream = new MemoryStream();
        _ = new TracefileWriter(stream, Reader.Tracepoints.All);
        foreach (byte[] sample in Samples)
            stream.Write(sample);

        return stream.ToArray();
    }

    private static ReadTrace ToEnd(TraceReader reader)
    {
        var samples = new List<byte[]>();
        var lines = new List<string>();
        var batch = new SampleBatch();
        while (reader.Read(batch))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                TraceEvent sample = batch[i];
                Assert.Equal(reader.Tracepoints[sample.Tracepoint].Key, sample.Key);
                using var written = new MemoryStream();
                var writer = new TracefileSampleWriter(written);
                writer.Write(sample);
                writer.Flush();
                samples.Add(written.ToArray());
                lines.Add(
                    $"{sample.Time} {sample.Cpu} {sample.Thread:x} "
                        + $"{System.Text.Encoding.UTF8.GetString(sample.ThreadName)} "
                        + $"{reader.Tracepoints[sample.Tracepoint].Name} "
                        + $"[{string.Join(' ', sample.Backtrace.ToArray().Select(frame => $"{frame:x}"))}] "
                        + $"{Convert.ToHexStringLower(sample.Payload)}"
                );
            }
        }

        Assert.Equal(samples.Count, reader.Stats.Samples);
        return new ReadTrace(reader, samples) { Lines = lines };
    }
}
