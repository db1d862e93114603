using System.Text;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.TextEvents;

/// <summary>What is learnt of an event's arguments from all lines that have it.</summary>
internal sealed class TextTracepoint
{
    private const int MaxFields = 64;
    private const int MaxText = 255;

    private readonly OrderedDictionary<string, Field> _fields = [];

    /// <summary>The tracepoint in the dictionary, once that is complete.</summary>
    public Tracepoint? Tracepoint { get; private set; }

    /// <summary>Learns from one event.</summary>
    public void Learn(TextEvent line)
    {
        foreach ((string key, string value) in line.Arguments)
        {
            if (!_fields.TryGetValue(key, out Field field))
            {
                if (_fields.Count == MaxFields)
                    continue;

                field = new Field(IsNumber: true, IsHex: false, 0);
            }

            bool isNumber = TextNumber.TryParse(value, out _);
            _fields[key] = new Field(
                field.IsNumber && isNumber,
                field.IsHex || value.StartsWith("0x", StringComparison.Ordinal),
                Math.Max(field.Size, Math.Min(Encoding.UTF8.GetByteCount(value), MaxText))
            );
        }
    }

    /// <summary>Adds the tracepoint to the dictionary.</summary>
    public void Define(TracepointTable table, string name)
    {
        var signature = new StringBuilder();
        var format = new List<string>();
        foreach ((string key, Field field) in _fields)
        {
            // A length of one byte, then the text: 256 bytes at most.
            signature.Append(field.IsNumber ? "q" : $"{field.Size + 1}p");
            format.Add(
                key.Replace("%", "%%", StringComparison.Ordinal)
                    + (
                        field.IsNumber
                            ? field.IsHex
                                ? "=0x%x"
                                : "=%d"
                            : "=%s"
                    )
            );
        }

        Tracepoint = table.Add(
            (ulong)table.Count + 1,
            Encoding.UTF8.GetBytes(name),
            Encoding.UTF8.GetBytes(signature.ToString()),
            Encoding.UTF8.GetBytes(string.Join(' ', format))
        );
    }

    /// <summary>The index of an argument; -1 when there is none of this name.</summary>
    public int IndexOf(string key) => _fields.IndexOf(key);

    /// <summary>Lays out the arguments of one event; those that its line lacks are 0 or empty.</summary>
    public ReadOnlySpan<byte> Pack(PayloadBuilder payload, TextEvent line)
    {
        payload.Start(Tracepoint!.Layout!);
        foreach ((string key, Field field) in _fields)
        {
            string value = line.Find(key) ?? "";
            if (!field.IsNumber)
                payload.AddBytes(Encoding.UTF8.GetBytes(value));
            else if (TextNumber.TryParse(value, out long number))
                payload.AddInteger(number);
            else
                payload.AddInteger(0);
        }

        return payload.Finish();
    }

    private readonly record struct Field(bool IsNumber, bool IsHex, int Size);
}
