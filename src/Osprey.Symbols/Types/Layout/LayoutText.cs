using System.Globalization;
using System.Text;

namespace Osprey.Symbols.Types.Layout;

/// <summary>Writes a layout as plain text, in the columns of gdb's <c>ptype /o</c>.</summary>
public static class LayoutText
{
    private const int MarginWidth = 27;

    /// <summary>Returns the layout's lines, each with its line end, and a last line with the sums.</summary>
    public static string Format(TypeLayout layout)
    {
        var text = new StringBuilder();
        text.Append("/* offset      |    size */\n");
        foreach (LayoutRow row in layout.Rows)
        {
            string margin = GetMargin(row);
            text.Append(margin.PadRight(MarginWidth));
            if (row.Kind is not (LayoutRowKind.Hole or LayoutRowKind.BitHole or LayoutRowKind.Padding))
                text.Append("  ").Append(' ', 4 * row.Depth).Append(row.Text);

            text.Append('\n');
        }

        string size = layout.Size is { } bytes ? $"{bytes.ToString(CultureInfo.InvariantCulture)} bytes" : "unknown";
        return text.Append(
                CultureInfo.InvariantCulture,
                $"/* size: {size}, members: {layout.MemberCount}, "
                    + $"holes: {layout.HoleBytes} bytes {layout.HoleBits} bits, "
                    + $"padding: {layout.PaddingBytes} bytes */\n"
            )
            .ToString();
    }

    private static string GetMargin(LayoutRow row)
    {
        switch (row.Kind)
        {
            case LayoutRowKind.Base or LayoutRowKind.Member:
                string place = row.Offset is { } offset ? offset.ToString(CultureInfo.InvariantCulture) : "?";
                string bits = row.Bits is { } field
                    ? $":{field.Shift.ToString(CultureInfo.InvariantCulture), 2}"
                    : "   ";
                string size = row.Size is { } bytes ? bytes.ToString(CultureInfo.InvariantCulture) : "?";
                return $"/* {place, 6}{bits}   | {size, 7} */";
            case LayoutRowKind.Hole or LayoutRowKind.BitHole or LayoutRowKind.Padding:
                return $"/* {row.Text, -21} */";
            default:
                return "";
        }
    }
}
