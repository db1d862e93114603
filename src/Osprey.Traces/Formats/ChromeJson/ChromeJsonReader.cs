using System.Globalization;
using System.Text;
using System.Text.Json;
using Osprey.Binary;
using Osprey.Symbols;
using Osprey.Traces.Formats.TextEvents;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Formats.ChromeJson;

/// <summary>Reads a trace in Chrome's Trace Event JSON.</summary>
/// <remarks>
/// Its events come in any order, so the file is held in memory, up to 1 GiB, and sorted. A slice becomes two samples,
/// of
/// its name and of its name with <c>_ret</c>; a moment of a name that slices have, too, is called <c>NAME (moment)</c>.
/// An
/// argument <c>stack</c> of several lines, as our own export writes it, is the backtrace. An argument <c>cpu</c> is the
/// CPU,
/// and <c>cpu at the end</c> that of a slice's end.
/// </remarks>
internal sealed class ChromeJsonReader : TraceReader
{
    private const int MaxSize = 1 << 30;

    private readonly TraceInput _input;
    private readonly ReadOnlyMemory<byte> _json;
    private readonly ChromeEventParser _parser;
    private readonly TextNames _names = new();
    private readonly Dictionary<(int Name, ChromePhase Phase), TextTracepoint> _tracepoints = [];
    private readonly PayloadBuilder _payload = new();
    private readonly IReadOnlyList<string> _titles;
    private int _next;

    /// <param name="input">At its first byte; closed with the reader.</param>
    /// <param name="options">Bounds on what it may declare.</param>
    /// <exception cref="BadDataException">It is no JSON, has no events, or is too large.</exception>
    public ChromeJsonReader(TraceInput input, TraceReadOptions options)
    {
        _input = input;
        using ByteSource source = input.ToRandomAccess();
        if (source.Length > MaxSize)
            throw new BadDataException(
                input.Name,
                MaxSize,
                "JSON of over 1 GiB is not read, for it must fit into memory"
            );

        _json = source.Slice(0, source.Length);
        _parser = new ChromeEventParser(input.Name, _json);
        _parser.Read();
        if (_parser.TruncatedBytes > 0)
            Stats.Count(LossKind.TruncatedBytes, _parser.TruncatedBytes);

        _titles = _parser.Names;
        Define(options.Limits.MaxTracepoints);
        Semantics = new ChromeTraceSemantics(_parser.Pairs.Select(number => _titles[number]).ToHashSet());
    }

    /// <inheritdoc/>
    public override string Name => _input.Name;

    /// <inheritdoc/>
    public override string FormatName => "Chrome's trace event JSON";

    /// <inheritdoc/>
    public override TracepointTable Tracepoints { get; } = new();

    /// <inheritdoc/>
    public override TraceSemantics Semantics { get; }

    /// <inheritdoc/>
    public override ISymbolSource? Names => _names.Any ? _names : null;

    /// <inheritdoc/>
    public override long? Length => _json.Length;

    /// <inheritdoc/>
    public override bool Read(SampleBatch batch)
    {
        batch.Clear();
        for (; !batch.IsFull && _next < _parser.Events.Count; _next++)
            Add(batch, _parser.Events[_next]);

        Stats.Samples += batch.Count;
        Stats.BytesRead = _json.Length * (long)_next / _parser.Events.Count;
        if (batch.Count == 0 && (_input.Damage ?? FindCut()) is { } damage)
            Stats.End(damage);

        return batch.Count > 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _input.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>A recorder that was stopped need not have closed the array, but it wrote its events whole.</summary>
    private BadDataException? FindCut() =>
        _parser.TruncatedBytes > 0
            ? new BadDataException(Name, _json.Length - _parser.TruncatedBytes, "the JSON ends within this event")
            : null;

    private void Define(int limit)
    {
        var order = new List<(int Name, ChromePhase Phase)>();
        foreach (ChromeEvent item in _parser.Events)
        {
            if (!_tracepoints.TryGetValue((item.Name, item.Phase), out TextTracepoint? tracepoint))
            {
                if (_tracepoints.Count == limit)
                    throw new BadDataException(Name, 0, $"there are over {limit} different events in this trace");

                _tracepoints.Add((item.Name, item.Phase), tracepoint = new TextTracepoint());
                order.Add((item.Name, item.Phase));
            }

            tracepoint.Learn(Describe(item));
        }

        foreach ((int name, ChromePhase phase) in order)
            _tracepoints[(name, phase)].Define(Tracepoints, TitleOf(name, phase));
    }

    private string TitleOf(int name, ChromePhase phase)
    {
        string title = _titles[name].Length == 0 ? "unnamed" : _titles[name];
        return phase == ChromePhase.End ? title + ChromeTraceSemantics.EndSuffix
            : phase == ChromePhase.Moment && _parser.Pairs.Contains(name) ? title + " (moment)"
            : title;
    }

    private void Add(SampleBatch batch, in ChromeEvent item)
    {
        TextTracepoint tracepoint = _tracepoints[(item.Name, item.Phase)];
        TextEvent line = Describe(item);
        batch.Add(
            new SampleFields
            {
                Tracepoint = tracepoint.Tracepoint!,
                Thread = item.Thread,
                ThreadName = Encoding.UTF8.GetBytes(_parser.NameOf(item.Thread)),
                Time = item.Time,
                Cpu = line.Cpu,
                // Names are looked up at the address before, as for return addresses.
                Backtrace = [.. line.Frames.Select(address => unchecked(address + 1))],
                Payload = tracepoint.Pack(_payload, line),
            }
        );
    }

    private TextEvent Describe(in ChromeEvent item)
    {
        var line = new TextEvent();
        if (item.ArgumentsSize == 0)
            return line;

        ReadOnlySpan<byte> arguments = _json.Span.Slice(item.Arguments, item.ArgumentsSize);
        var reader = new Utf8JsonReader(arguments);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = JsonText.Of(ref reader);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            string value;
            if (reader.TokenType == JsonTokenType.String)
            {
                value = JsonText.Of(ref reader);
            }
            else
            {
                reader.Skip();
                value = Encoding.UTF8.GetString(arguments[start..(int)reader.BytesConsumed]);
            }

            Take(line, key, value, item.IsWhole);
        }

        if (item.IsWhole)
            line.KeepCpuAlone();

        return line;
    }

    private void Take(TextEvent line, string key, string value, bool isEnd)
    {
        if (key == "stack" && value.Length > 0)
        {
            foreach (string frame in value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                line.AddFrame(_names.Add(null, frame));
        }
        else if (key is "cpu" or "cpu at the end" && uint.TryParse(value, CultureInfo.InvariantCulture, out uint cpu))
        {
            if (key == "cpu" || isEnd)
                line.Cpu = cpu;
        }
        else
        {
            line.Arguments.Add((key, value));
        }
    }
}
