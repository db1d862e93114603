using System.Globalization;
using Osprey.Binary;

namespace Osprey.Target.Backends.Qemu;

/// <summary>
/// Reads what QEMU's monitor command <c>info ramblock</c> prints. Its columns vary: the header row says which there
/// are.
/// </summary>
internal static class RamBlockText
{
    private const string Source = "info ramblock";

    /// <summary>Most blocks a guest may have. Real ones have under 50.</summary>
    private const int MaxRows = 65_536;

    /// <summary>Reads the table's rows in their order.</summary>
    /// <exception cref="BadDataException">
    /// There is no header row with "Block Name" and "PSize" in it, or a row does not fit it.
    /// </exception>
    public static IReadOnlyList<RamBlockRow> Parse(string text)
    {
        var rows = new List<RamBlockRow>();
        string[]? columns = null;
        int offset = 0;
        foreach (string whole in text.Split('\n'))
        {
            string line = whole.Trim();
            if (columns is null)
            {
                if (line.StartsWith("Block Name", StringComparison.Ordinal))
                    columns = ParseHeader(line, offset);
            }
            else if (line.Length > 0)
            {
                if (rows.Count == MaxRows)
                    throw new BadDataException(Source, offset, $"more than {MaxRows} blocks");

                rows.Add(ParseRow(line, columns, offset));
            }

            offset += whole.Length + 1;
        }

        return columns is null
            ? throw new BadDataException(Source, 0, "expected a header row, Block Name ...; found none")
            : rows;
    }

    /// <summary>The columns behind the name and the page size.</summary>
    private static string[] ParseHeader(string line, int offset)
    {
        string[] words = Words(line);
        return words.Length > 3 && words[2] == "PSize"
            ? words[3..]
            : throw new BadDataException(
                Source,
                offset,
                $"expected Block Name, PSize and more columns, found \"{line}\""
            );
    }

    private static RamBlockRow ParseRow(string line, string[] columns, int offset)
    {
        // From the right: each column is one word, the page size in front of them two ("4 KiB"); the rest is the name.
        string[] words = Words(line);
        int first = words.Length - columns.Length;
        if (first < 3)
            throw new BadDataException(
                Source,
                offset,
                $"expected a name, a page size and {columns.Length} columns, found \"{line}\""
            );

        string name = string.Join(' ', words[..(first - 2)]);
        ulong pageSize = ParsePageSize(words[first - 2], words[first - 1], offset);
        var row = new RamBlockRow(name, pageSize, 0, 0, 0, null, null);
        bool hasUsed = false;
        for (int i = 0; i < columns.Length; i++)
        {
            string value = words[first + i];
            hasUsed |= columns[i] == "Used";
            row = columns[i] switch
            {
                "Offset" => row with { Offset = ParseNumber(value, offset) },
                "Used" => row with { UsedSize = ParseNumber(value, offset) },
                "Total" => row with { TotalSize = ParseNumber(value, offset) },
                "HVA" => row with { HostAddress = ParseNumber(value, offset) },
                "RO" => row with { IsReadOnly = value == "ro" },
                _ => row, // a column of a later QEMU
            };
        }

        return hasUsed ? row : throw new BadDataException(Source, offset, "there is no column Used");
    }

    private static ulong ParsePageSize(string number, string unit, int offset)
    {
        int shift = unit switch
        {
            "B" => 0,
            "KiB" => 10,
            "MiB" => 20,
            "GiB" => 30,
            _ => -1,
        };
        return shift >= 0 && uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out uint value)
            ? (ulong)value << shift
            : throw new BadDataException(
                Source,
                offset,
                $"expected a page size such as 4 KiB, found \"{number} {unit}\""
            );
    }

    private static ulong ParseNumber(string text, int offset) =>
        text.StartsWith("0x", StringComparison.Ordinal)
        && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw new BadDataException(Source, offset, $"expected a number such as 0x1000, found \"{text}\"");

    private static string[] Words(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
