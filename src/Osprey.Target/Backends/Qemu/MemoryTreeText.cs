using System.Buffers;
using System.Globalization;
using Osprey.Binary;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Qemu;

/// <summary>
/// Reads what QEMU's monitor command <c>info mtree -f</c> prints: what stands behind a guest's physical addresses.
/// </summary>
/// <remarks>
/// The text is a list of views, each of the address spaces that share it (" AS "NAME", root: ...") and its ranges
/// ("  START-END (prio N, KIND): NAME [@OFFSET] [KVM]", END inclusive). The address space "memory" is the one of the
/// vCPUs. Kinds: "ram" and "rom" are host memory; "romd" is flash that reads as memory for now, and turns into a device
/// by what the guest writes to it; "ramd" is memory of a real device passed through; "i/o" is an emulated device. A
/// prefix "nv-" means persistent. Only ram and rom (and nv-ram, nv-rom) are kept: reading any other may change a
/// device's state.
/// </remarks>
internal static class MemoryTreeText
{
    private const string Source = "info mtree -f";

    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Most ranges a guest may have. Real ones have under 100.</summary>
    private const int MaxRows = 65_536;

    /// <summary>Reads the ranges of the address space "memory", lowest address first, not overlapping.</summary>
    /// <returns>Empty when the text has no such address space, or it holds no memory.</returns>
    /// <exception cref="BadDataException">A range of it is malformed, or they are out of order.</exception>
    public static IReadOnlyList<MemoryTreeRow> Parse(string text)
    {
        var rows = new List<MemoryTreeRow>();
        bool wanted = false;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int offset = text.Length - rest.Length;
            int end = rest.IndexOf('\n');
            ReadOnlySpan<char> line = (end < 0 ? rest : rest[..end]).TrimEnd();
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (line.StartsWith("FlatView", StringComparison.Ordinal))
            {
                if (wanted)
                    break;
            }
            else if (line.StartsWith(" AS \"memory\",", StringComparison.Ordinal))
            {
                wanted = true;
            }
            else if (
                wanted
                && line.Length > 2
                && char.IsAsciiHexDigit(line[2])
                && TryParseRow(line, offset, out MemoryTreeRow row)
            )
            {
                Add(rows, row, offset);
            }
        }

        return rows;
    }

    private static void Add(List<MemoryTreeRow> rows, MemoryTreeRow row, int offset)
    {
        if (rows.Count == MaxRows)
            throw new BadDataException(Source, offset, $"more than {MaxRows} ranges");

        if (
            rows.Count > 0
            && (row.Start.Value <= rows[^1].Start.Value || row.Start.Value - rows[^1].Start.Value < rows[^1].Size)
        )
            throw new BadDataException(Source, offset, $"range at {row.Start} follows one that ends behind its start");

        rows.Add(row);
    }

    /// <summary>Reads one range; false when it is not memory.</summary>
    private static bool TryParseRow(ReadOnlySpan<char> line, int offset, out MemoryTreeRow row)
    {
        row = default;
        ReadOnlySpan<char> rest = line.TrimStart(' ');
        if (
            !TryTakeNumber(ref rest, out ulong start)
            || !TryTake(ref rest, "-")
            || !TryTakeNumber(ref rest, out ulong last)
            || last < start
            || !TryTake(ref rest, " (prio ")
            || rest.IndexOf(", ") is not (>= 0 and int comma)
            || rest[(comma + 2)..].IndexOf("): ") is not (>= 0 and int close)
        )
        {
            throw new BadDataException(Source, offset, $"expected START-END (prio N, KIND): NAME, found \"{line}\"");
        }

        ReadOnlySpan<char> kindText = rest.Slice(comma + 2, close);
        if (kindText.StartsWith("nv-"))
            kindText = kindText[3..];

        MemoryBlockKind? kind = kindText switch
        {
            "ram" => MemoryBlockKind.Ram,
            "rom" => MemoryBlockKind.Rom,
            _ => null,
        };
        if (kind is null)
            return false;

        ReadOnlySpan<char> name = rest[(comma + 2 + close + 3)..];
        if (name.EndsWith(" KVM"))
            name = name[..^4];

        ulong blockOffset = 0;
        int at = name.LastIndexOf(" @");
        if (at >= 0)
        {
            ReadOnlySpan<char> number = name[(at + 2)..];
            if (!TryTakeNumber(ref number, out blockOffset) || !number.IsEmpty)
                throw new BadDataException(Source, offset, $"expected a hexadecimal offset behind @, found \"{line}\"");

            name = name[..at];
        }

        // The range of all 2^64 bytes has no size that fits; it is never memory.
        if (last - start == ulong.MaxValue)
            return false;

        row = new MemoryTreeRow(new PhysicalAddress(start), last - start + 1, kind.Value, name.ToString(), blockOffset);
        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<char> text, ReadOnlySpan<char> expected)
    {
        bool found = text.StartsWith(expected);
        if (found)
            text = text[expected.Length..];

        return found;
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<char> text, out ulong value)
    {
        int end = text.IndexOfAnyExcept(s_hexDigits);
        ReadOnlySpan<char> digits = end < 0 ? text : text[..end];
        text = text[digits.Length..];
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
