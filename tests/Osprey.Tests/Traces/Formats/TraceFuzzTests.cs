using Osprey.Tests.Binary;
using Osprey.Traces.Formats;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Tests.Traces.Formats;

/// <summary>Damaged traces: an answer or a refusal, never anything else, and never much memory.</summary>
public sealed class TraceFuzzTests
{
    private const long MostMemory = 16 << 20;

    private readonly SampleBatch _batch = new();
    private readonly Utf8Builder _text = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Tracefile_Mutated_IsReadOrRefused(int version)
    {
        int refused = Mutations.Change(SmallTraces.Tracefile(version), seed: 17 + version, count: 4000, ReadAndFormat);

        Assert.InRange(refused, 1, 3999);
    }

    [Fact]
    public void Dump_Mutated_IsReadOrRefused()
    {
        int refused = Mutations.Change(SmallTraces.Dump(), seed: 23, count: 8000, ReadAndFormat);

        Assert.InRange(refused, 1, 7999);
    }

    [Fact]
    public void Dump_Truncated_IsReadOrRefused() =>
        Assert.InRange(Mutations.Truncate(SmallTraces.Dump(), ReadAndFormat), 24, 1000);

    private void ReadAndFormat(byte[] input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (TraceReader reader = TraceFormats.Standard.Open(TraceInput.FromStream("trace", new PipeStream(input))))
        {
            var formatters = new Dictionary<int, ArgumentFormatter>();
            while (reader.Read(_batch))
            {
                for (int i = 0; i < _batch.Count; i++)
                {
                    TraceEvent sample = _batch[i];
                    Assert.True(sample.Backtrace.Length * sizeof(ulong) < input.Length + 80);
                    if (!formatters.TryGetValue(sample.Tracepoint, out ArgumentFormatter? formatter))
                        formatters.Add(
                            sample.Tracepoint,
                            formatter = new ArgumentFormatter(reader.Tracepoints[sample.Tracepoint], compat: i % 2 == 0)
                        );

                    _text.Clear();
                    formatter.Append(_text, sample.Payload);
                }
            }

            if (reader is OsvtReader dump)
                dump.ReadSymbols();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < MostMemory, $"{allocated} bytes for an input of {input.Length}");
    }
}
