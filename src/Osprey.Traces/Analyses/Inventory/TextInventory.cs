using System.Text.Unicode;
using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Inventory;

/// <summary>Counts text that is not UTF-8.</summary>
public sealed class TextInventory
{
    private readonly TracepointTable _tracepoints;
    private readonly int[][] _textFields;

    internal TextInventory(TracepointTable tracepoints)
    {
        _tracepoints = tracepoints;
        _textFields = [.. tracepoints.All.Select(FindTextFields)];
    }

    /// <summary>Samples with a text argument that is not UTF-8, though it is not as long as its field.</summary>
    public long BadArguments { get; private set; }

    /// <summary>Samples whose text argument fills its field and ends inside a character: it was cut there.</summary>
    public long CutArguments { get; private set; }

    /// <summary>Thread names that are not UTF-8.</summary>
    public int BadThreadNames { get; internal set; }

    /// <summary>Tracepoints whose name, signature or format is not UTF-8.</summary>
    public int BadTracepoints =>
        _tracepoints.All.Count(tracepoint =>
            !Utf8.IsValid(tracepoint.NameBytes.Span)
            || !Utf8.IsValid(tracepoint.SignatureBytes.Span)
            || !Utf8.IsValid(tracepoint.FormatBytes.Span)
        );

    internal void Add(in TraceEvent sample)
    {
        foreach (int field in _textFields[sample.Tracepoint])
        {
            PayloadLayout layout = _tracepoints[sample.Tracepoint].Layout!;
            ReadOnlySpan<byte> text = new PayloadArguments(layout, sample.Payload).GetBytes(field);
            if (Utf8.IsValid(text))
                continue;

            if (text.Length == layout.Fields[field].Size - 1 && IsCut(text))
                CutArguments++;
            else
                BadArguments++;

            return;
        }
    }

    /// <summary>Tells whether text is UTF-8 but for a last character that is not whole.</summary>
    private static bool IsCut(ReadOnlySpan<byte> text)
    {
        for (int size = 1; size <= Math.Min(3, text.Length); size++)
        {
            if (text[^size] >= 0xc0)
                return Utf8.IsValid(text[..^size]);
        }

        return false;
    }

    private static int[] FindTextFields(Tracepoint tracepoint)
    {
        var fields = new List<int>();
        for (int i = 0; i < (tracepoint.Layout?.Fields.Length ?? 0); i++)
        {
            if (tracepoint.Layout!.Fields[i] is { Type: ArgumentType.Text, Size: > 0 })
                fields.Add(i);
        }

        return [.. fields];
    }
}
