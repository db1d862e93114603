using System.Globalization;

namespace Osprey.Tests.Guests.Report;

/// <summary>
/// A line of a guest's report: a word, then NAME=VALUE pairs. <c>tests/linux-guest/report.h</c> tells the lines there
/// are.
/// </summary>
internal sealed class GuestReportLine
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    private GuestReportLine(string word) => Word = word;

    /// <summary>What the line is about.</summary>
    public string Word { get; }

    /// <summary>The field that reaches to the line's end.</summary>
    public string Text => this["text"];

    public string this[string field] =>
        _fields.TryGetValue(field, out string? value)
            ? value
            : throw new FormatException($"a line \"{Word}\" of the guest's report has no field {field}");

    /// <exception cref="FormatException">It is no such line.</exception>
    public static GuestReportLine Parse(string line)
    {
        int at = line.IndexOf(' ');
        var parsed = new GuestReportLine(at < 0 ? line : line[..at]);
        while (at >= 0 && at < line.Length)
        {
            int equals = line.IndexOf('=', at);
            if (equals < 0)
                throw new FormatException($"the guest's report has a line without a value: {line}");

            string name = line[(at + 1)..equals];
            int end = name == "text" ? -1 : line.IndexOf(' ', equals);
            parsed._fields.Add(name, end < 0 ? line[(equals + 1)..] : line[(equals + 1)..end]);
            at = end;
        }

        return parsed;
    }

    /// <summary>A decimal number, or a hexadecimal one with 0x.</summary>
    public ulong GetNumber(string field) =>
        TryParseNumber(this[field])
        ?? throw new FormatException($"{field}={this[field]} in a line \"{Word}\" of the guest's report is no number");

    /// <summary>A number; null for "none" and for the null pointer as C prints it.</summary>
    public ulong? GetNumberOrNone(string field) => this[field] is "none" or "(nil)" ? null : GetNumber(field);

    /// <summary>A number that fits.</summary>
    public int GetInt32(string field) => (int)GetNumber(field);

    /// <summary>The bytes of the field "hex".</summary>
    public byte[] GetBytes() => Convert.FromHexString(this["hex"]);

    private static ulong? TryParseNumber(string text)
    {
        bool hex = text.StartsWith("0x", StringComparison.Ordinal);
        return ulong.TryParse(
            hex ? text.AsSpan(2) : text,
            hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
            null,
            out ulong value
        )
            ? value
            : null;
    }
}
