using System.Text;
using Osprey.Binary;
using Osprey.Symbols;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Formats.LinuxText;

/// <summary>Reads events of Linux from text: of <c>perf script</c>, <c>trace-cmd report</c>, or ftrace itself.</summary>
/// <remarks>
/// <para>
/// The text is read twice. The first time finds out which events there are, which arguments they have and whether these
/// are numbers or text, and the names of functions; the second time makes samples. So memory does not grow with the
/// text, and a pipe is first written to a temporary file.
/// </para>
/// <para>
/// Linux has no event for a thread that waits or a CPU that idles: both follow from sched_switch. A sample of its own is
/// made for each, behind that of the switch, named as <see cref="LinuxTraceSemantics"/> says. A thread waits when it was
/// switched away from in another state than R (ready to run).
/// </para>
/// <para>Lines that are not understood are counted as lost, and the first is shown.</para>
/// </remarks>
internal sealed class LinuxTextReader : TraceReader
{
    private readonly TraceInput _input;
    private readonly ByteSource _source;
    private readonly LinuxNames _names = new();
    private readonly OrderedDictionary<string, LinuxTracepoint> _events = [];
    private readonly PayloadBuilder _payload = new();
    private readonly int _maxTracepoints;
    private readonly LinuxLineReader _lines;

    /// <param name="input">At its first byte; closed with the reader.</param>
    /// <param name="options">Bounds on what it may declare.</param>
    /// <exception cref="BadDataException">There is no event in it, or a line is longer than any.</exception>
    public LinuxTextReader(TraceInput input, TraceReadOptions options)
    {
        _input = input;
        _maxTracepoints = options.Limits.MaxTracepoints;
        _source = input.ToRandomAccess();
        try
        {
            Learn();
            _lines = new LinuxLineReader(_source, _names);
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
    public override string FormatName => "events of Linux as text";

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
            while (!batch.IsFull && _lines.Read() is LinuxEvent line)
            {
                foreach (LinuxEvent part in LinuxSchedule.Split(line))
                    Add(batch, part);
            }
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

        return batch.Count > 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _source.Dispose();
        _input.Dispose();
        base.Dispose(disposing);
    }

    private void Learn()
    {
        var lines = new LinuxLineReader(_source, _names);
        bool isOpen = true;
        while (isOpen)
        {
            try
            {
                LinuxEvent? line = lines.Read();
                isOpen = line is not null;
                foreach (LinuxEvent part in line is null ? [] : LinuxSchedule.Split(line))
                    Learn(part);
            }
            catch (BadDataException) when (_events.Count > 0)
            {
                isOpen = false; // told when the samples are read
            }
        }

        if (_events.Count == 0)
            throw lines.FirstUnknown ?? new BadDataException(Name, 0, "there is no event in this text");

        foreach ((string name, LinuxTracepoint tracepoint) in _events)
            tracepoint.Define(Tracepoints, name);
    }

    private void Learn(LinuxEvent line)
    {
        if (!_events.TryGetValue(line.Name, out LinuxTracepoint? tracepoint))
        {
            if (_events.Count == _maxTracepoints)
                throw new BadDataException(Name, 0, $"there are over {_maxTracepoints} different events in this text");

            _events.Add(line.Name, tracepoint = new LinuxTracepoint());
        }

        tracepoint.Learn(line);
    }

    private void Add(SampleBatch batch, LinuxEvent line)
    {
        LinuxTracepoint tracepoint = _events[line.Name];
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
