using System.Globalization;
using System.Text;
using Osprey.Binary;
using Osprey.Traces.Formats;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Tests.Traces.Toy;

/// <summary>
/// Reads lines of <c>point NAME SIGNATURE FORMAT</c>, then of
/// <c>TIME CPU THREAD THREAD-NAME POINT ARGUMENTS FRAMES</c>, lists joined by commas, <c>-</c> for none.
/// </summary>
internal sealed class ToyReader : TraceReader
{
    private readonly TraceInput _input;
    private readonly Queue<string> _lines = [];
    private readonly Dictionary<string, Tracepoint> _points = [];
    private readonly PayloadBuilder _payload = new();

    public ToyReader(TraceInput input)
    {
        _input = input;
        byte[] bytes = new byte[1 << 16];
        string text = Encoding.UTF8.GetString(bytes, 0, input.Read(bytes));
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            if (line.StartsWith("point ", StringComparison.Ordinal))
                Define(line.Split(' ', 4));
            else
                _lines.Enqueue(line);
        }
    }

    public override string Name => _input.Name;

    public override string FormatName => "toy trace";

    public override TracepointTable Tracepoints { get; } = new();

    public override TraceSemantics Semantics { get; } = new ToySemantics();

    public override long? Length => _input.Length;

    public override bool Read(SampleBatch batch)
    {
        batch.Clear();
        while (!batch.IsFull && _lines.TryDequeue(out string? line))
        {
            Stats.BytesRead += line.Length + 1;
            string[] words = line.Split(' ');
            if (words.Length == 7)
                Add(batch, words);
            else
                Stats.End(new BadDataException(Name, Stats.BytesRead, $"a line of {words.Length} words"));
        }

        Stats.Samples += batch.Count;
        return batch.Count > 0;
    }

    protected override void Dispose(bool disposing)
    {
        _input.Dispose();
        base.Dispose(disposing);
    }

    private static string[] List(string words) => words == "-" ? [] : words.Split(',');

    private void Define(string[] words) =>
        _points[words[1]] = Tracepoints.Add(
            (ulong)_points.Count + 1,
            Encoding.UTF8.GetBytes(words[1]),
            Encoding.UTF8.GetBytes(words[2] == "-" ? "" : words[2]),
            Encoding.UTF8.GetBytes(words.Length > 3 ? words[3] : "")
        );

    private void Add(SampleBatch batch, string[] words)
    {
        Tracepoint point = _points[words[4]];
        _payload.Start(point.Layout!);
        foreach (string argument in List(words[5]))
        {
            if (long.TryParse(argument, CultureInfo.InvariantCulture, out long number))
                _payload.AddInteger(number);
            else
                _payload.AddBytes(Encoding.UTF8.GetBytes(argument));
        }

        batch.Add(
            new SampleFields
            {
                Tracepoint = point,
                Time = ulong.Parse(words[0], CultureInfo.InvariantCulture),
                Cpu = words[1] == "-" ? uint.MaxValue : uint.Parse(words[1], CultureInfo.InvariantCulture),
                Thread = ulong.Parse(words[2], CultureInfo.InvariantCulture),
                ThreadName = Encoding.UTF8.GetBytes(words[3]),
                Backtrace = [.. List(words[6]).Select(frame => ulong.Parse(frame, CultureInfo.InvariantCulture))],
                Payload = _payload.Finish(),
            }
        );
    }
}
