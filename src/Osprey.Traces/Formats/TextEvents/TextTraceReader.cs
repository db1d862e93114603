using System.Text;
using Osprey.Binary;
using Osprey.Symbols;
using Osprey.Traces.Formats.LinuxText;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Formats.TextEvents;

/// <summary>Reads a trace of events that are text, one a line.</summary>
/// <remarks>
/// <para>
/// The text is read twice. The first time finds out which events there are, which arguments they have and whether these
/// are numbers or text, and the names of functions; the second time makes samples. So memory does not grow with the
/// text, and a pipe is first written to a temporary file.
/// </para>
/// <para>Lines that are not understood are counted as lost, and the first is shown.</para>
/// </remarks>
internal sealed class TextTraceReader : TraceReader
{
    private readonly TraceInput _input;
    private readonly ByteSource _source;
    private readonly TextNames _names = new();
    private readonly OrderedDictionary<string, TextTracepoint> _events = [];
    private readonly PayloadBuilder _payload = new();
    private readonly int _maxTracepoints;
    private readonly TextEventReader _lines;

    /// <param name="input">At its first byte; closed with the reader.</param>
    /// <param name="options">Bounds on what it may declare.</param>
    /// <param name="formatName">The kind of text.</param>
    /// <param name="open">Reads the events from the beginning; called twice.</param>
    /// <exception cref="BadDataException">There is no event in it, or a line is longer than any.</exception>
    public TextTraceReader(
        TraceInput input,
        TraceReadOptions options,
        string formatName,
        Func<ByteSource, TextNames, TextEventReader> open
    )
    {
        FormatName = formatName;
        _input = input;
        _maxTracepoints = options.Limits.MaxTracepoints;
        _source = input.ToRandomAccess();
        try
        {
            Learn(open(_source, _names));
            _lines = open(_source, _names);
        }
        catch
        {
            _source.Dispose();
            throw;
        }

        Semantics = new LinuxTraceSemantics((tracepoint, key) => _events[tracepoint.Name].IndexOf(key));
    }

    /// <inheritdoc/>
    public override string Name => _input.Name;

    /// <inheritdoc/>
    public override string FormatName { get; }

    /// <inheritdoc/>
    public override TracepointTable Tracepoints { get; } = new();

    /// <inheritdoc/>
    public override TraceSemantics Semantics { get; }

    /// <inheritdoc/>
    public override ISymbolSource? Names => _names.Any ? _names : null;

    /// <inheritdoc/>
    public override long? Length => _source.Length;

    /// <inheritdoc/>
    public override bool Read(SampleBatch batch)
    {
        batch.Clear();
        if (Stats.Damage is not null)
            return false;

        try
        {
            while (!batch.IsFull && _lines.Read() is TextEvent line)
                Add(batch, line);
        }
        catch (BadDataException damage)
        {
            Stats.End(damage);
        }

        Stats.BytesRead = _lines.BytesRead;
        Stats.Samples += batch.Count;
        if (batch.Count == 0 && _lines.UnknownCount > 0)
        {
            Stats.Count(LossKind.UnknownLines, _lines.UnknownCount - Stats[LossKind.UnknownLines]);
            if (Stats.Warnings.Count == 0)
                Stats.Warn(_lines.FirstUnknown!);
        }

        if (batch.Count == 0 && (_input.Damage ?? _lines.Cut) is { } cut)
            Stats.End(cut);

        return batch.Count > 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _source.Dispose();
        _input.Dispose();
        base.Dispose(disposing);
    }

    private void Learn(TextEventReader lines)
    {
        try
        {
            while (lines.Read() is TextEvent line)
                Learn(line);
        }
        catch (BadDataException) when (_events.Count > 0)
        {
            // Told when the samples are read, which end there, too.
        }

        if (_events.Count == 0)
            throw lines.FirstUnknown ?? new BadDataException(Name, 0, "there is no event in this text");

        foreach ((string name, TextTracepoint tracepoint) in _events)
            tracepoint.Define(Tracepoints, name);
    }

    private void Learn(TextEvent line)
    {
        if (!_events.TryGetValue(line.Name, out TextTracepoint? tracepoint))
        {
            if (_events.Count == _maxTracepoints)
                throw new BadDataException(Name, 0, $"there are over {_maxTracepoints} different events in this text");

            _events.Add(line.Name, tracepoint = new TextTracepoint());
        }

        tracepoint.Learn(line);
    }

    private void Add(SampleBatch batch, TextEvent line)
    {
        TextTracepoint tracepoint = _events[line.Name];
        batch.Add(
            new SampleFields
            {
                Tracepoint = tracepoint.Tracepoint!,
                Thread = line.ThreadId,
                ThreadName = Encoding.UTF8.GetBytes(line.Thread),
                Time = line.Time,
                Cpu = line.Cpu,
                // Names are looked up at the address before, as for return addresses.
                Backtrace = [.. line.Frames.Select(address => unchecked(address + 1))],
                Payload = tracepoint.Pack(_payload, line),
            }
        );
    }
}
