using System.Text;
using Microsoft.Win32.SafeHandles;
using Osprey.Probes.Operands;
using Osprey.Probes.Tracing;
using Osprey.Probes.Values;
using Osprey.Symbols;
using Osprey.Traces.Formats.Osvt.Recordings;
using Osprey.Traces.Model;

namespace Osprey.Probes.Recording;

// Each probe becomes a tracepoint, its name "provider:name", its format "query=%s, number=%d". All sites of a probe are
// one tracepoint as long as their arguments have the same types. An argument of which nobody says that it points to
// text is a number, and a text beside it from the first hit on at which it clearly pointed to one: the tracepoint is
// then defined once more, with the same name.

/// <summary>Writes hits to a file as a recording, which all that reads traces reads.</summary>
public sealed class ProbeRecording
{
    /// <summary>The longest text that a sample holds, in bytes.</summary>
    public const int MaxTextSize = 255;

    private const string TextType = "256p";
    private const string UnknownType = "2p";
    private const ulong FirstKey = 0x10000;

    private readonly SampleRecorder _recorder;
    private readonly PayloadBuilder _payload = new();
    private readonly Dictionary<(string Name, string Signature, string Format), Tracepoint> _tracepoints = [];
    private readonly Dictionary<TracedSite, bool[]> _hasText = [];

    /// <summary>Begins a recording.</summary>
    /// <param name="file">An empty file; stays open.</param>
    /// <param name="facts">Of what it is.</param>
    /// <param name="maxFrames">The frames of a stack that are kept; 1 for none but the site.</param>
    /// <param name="names">Names for addresses; null for none.</param>
    public ProbeRecording(SafeFileHandle file, RecordingFacts facts, int maxFrames, ISymbolSource? names) =>
        _recorder = new SampleRecorder(file, facts, maxFrames, names);

    /// <summary>The hits that were written.</summary>
    public long Count => _recorder.Count;

    /// <summary>The texts that were longer than a sample holds, and were cut.</summary>
    public long CutTexts { get; private set; }

    /// <summary>Adds a hit; hits of one CPU, or of none, in the order of their time.</summary>
    public void Add(ProbeHit hit)
    {
        IReadOnlyList<ProbeArgument> arguments = hit.Site.Site.Arguments;
        if (!_hasText.TryGetValue(hit.Site, out bool[]? hasText))
            _hasText.Add(hit.Site, hasText = new bool[arguments.Count]);

        var signature = new StringBuilder();
        var format = new StringBuilder();
        for (int i = 0; i < arguments.Count; i++)
        {
            hasText[i] |= hit.Values[i].Text is not null;
            Describe(hit, i, hasText[i], signature, format);
        }

        Tracepoint tracepoint = Find(hit.Site.Probe.FullName, signature.ToString(), format.ToString());
        _payload.Start(tracepoint.Layout!);
        for (int i = 0; i < arguments.Count; i++)
            AddValue(hit, i, hasText[i]);

        _recorder.Add(
            unchecked((int)(hit.Cpu ?? 0)),
            new SampleFields
            {
                Tracepoint = tracepoint,
                Thread = (ulong)hit.ThreadId,
                ThreadName = Encoding.UTF8.GetBytes(hit.ThreadName),
                Time = hit.Time,
                Cpu = hit.Cpu ?? uint.MaxValue,
                Backtrace = [.. hit.Stack],
                Payload = _payload.Finish(),
            }
        );
    }

    /// <summary>Writes what was added so far.</summary>
    public void Flush() => _recorder.Flush();

    /// <summary>Notes hits that were lost, and writes all.</summary>
    public void Finish(long lostHits)
    {
        if (lostHits > 0)
            _recorder.AddLoss(0, (ulong)lostHits);

        _recorder.Flush();
    }

    private static void Describe(ProbeHit hit, int index, bool hasText, StringBuilder signature, StringBuilder format)
    {
        ProbeArgument argument = hit.Site.Site.Arguments[index];
        string name = HitText.NameOf(hit.Site, index).Replace("%", "%%", StringComparison.Ordinal);
        format.Append(index == 0 ? "" : ", ").Append(name).Append('=');
        switch (hit.Values[index].Kind)
        {
            case ProbeValueKind.Unknown:
                signature.Append(UnknownType);
                format.Append("%s");
                return;
            case ProbeValueKind.Number:
                signature.Append(argument.Size == 4 ? 'f' : 'd');
                format.Append("%g");
                return;
        }

        if (hasText && hit.Site.Names[index].IsText)
        {
            signature.Append(TextType);
            format.Append("\"%s\"");
            return;
        }

        signature.Append(
            (argument.Size, argument.IsSigned) switch
            {
                (1, true) => 'b',
                (1, false) => 'B',
                (2, true) => 'h',
                (2, false) => 'H',
                (4, true) => 'i',
                (4, false) => 'I',
                (_, true) => 'q',
                _ => 'Q',
            }
        );
        format.Append(
            HitText.IsAddress(argument) ? "0x%x"
            : argument.IsSigned ? "%d"
            : "%u"
        );
        if (hasText)
        {
            signature.Append(TextType);
            format.Append(" \"%s\"");
        }
    }

    private void AddValue(ProbeHit hit, int index, bool hasText)
    {
        ProbeValue value = hit.Values[index];
        switch (value.Kind)
        {
            case ProbeValueKind.Unknown:
                _payload.AddBytes("?"u8);
                return;
            case ProbeValueKind.Number:
                _payload.AddDouble(value.Number);
                return;
        }

        if (!hasText || !hit.Site.Names[index].IsText)
            _payload.AddInteger(value.Bits);

        if (!hasText)
            return;

        byte[] text = value.Text ?? [];
        if (text.Length > MaxTextSize || value.IsTextCut)
            CutTexts++;

        _payload.AddBytes(text.AsSpan(0, Math.Min(text.Length, MaxTextSize)));
    }

    private Tracepoint Find(string name, string signature, string format)
    {
        if (_tracepoints.TryGetValue((name, signature, format), out Tracepoint? known))
            return known;

        Tracepoint tracepoint = _recorder.AddTracepoint(
            FirstKey + (ulong)_tracepoints.Count,
            Encoding.UTF8.GetBytes(name),
            Encoding.ASCII.GetBytes(signature),
            Encoding.UTF8.GetBytes(format)
        );
        _tracepoints.Add((name, signature, format), tracepoint);
        return tracepoint;
    }
}
