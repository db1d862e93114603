using System.Globalization;
using System.Text;

namespace Osprey.Traces.Exports.Flame;

/// <summary>Draws a flame graph as an SVG image that stands alone: it refers to nothing outside of itself.</summary>
/// <remarks>
/// Every box has its place, its text and a title that browsers show under the pointer, so it is readable without the
/// script; the script zooms into a box that is clicked and searches. Boxes that are narrower than a twentieth of a
/// pixel are left out. Colours follow from names, so that the same function has the same colour in every image.
/// </remarks>
internal sealed class FlameSvgWriter(Stream output)
{
    private const int Width = 1200;
    private const int RowHeight = 17;
    private const int Margin = 10;
    private const int HeadHeight = 48;
    private const double CharacterWidth = 6.7;
    private const double SmallestWidth = 0.05;

    private readonly TextOutput _text = new(output);

    /// <summary>Writes the image.</summary>
    /// <param name="root">The node that holds all.</param>
    /// <param name="title">The image's head line.</param>
    /// <param name="isTimed">Whether weights are nanoseconds; otherwise they are samples.</param>
    public void Write(FlameNode root, string title, bool isTimed)
    {
        const double InnerWidth = Width - (2 * Margin);
        var layout = new FlameLayout(root, SmallestWidth / InnerWidth);
        int height = HeadHeight + ((layout.Depth + 1) * RowHeight) + Margin + RowHeight;
        double scale = root.Total > 0 ? InnerWidth / (double)root.Total : 0;
        string hidden = layout.HiddenCount == 0 ? "" : $"; {layout.HiddenCount} boxes are too narrow to be drawn";
        Line("""<?xml version="1.0" encoding="UTF-8"?>""");
        Line(
            $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" """
                + $"""viewBox="0 0 {Width} {height}" font-family="monospace" font-size="11">"""
        );
        Line($"<title>{Escape(title)}</title>");
        Line("<style>.f{cursor:pointer}.f:hover rect{stroke:#000}.m rect{fill:#d6f}.g{opacity:.5}</style>");
        Line("""<rect width="100%" height="100%" fill="#fff8ee"/>""");
        Line($"""<text x="{Width / 2}" y="20" text-anchor="middle" font-size="15">{Escape(title)}</text>""");
        Line($"""<text id="reset" x="{Margin}" y="38" visibility="hidden" class="f">show all</text>""");
        Line($"""<text id="search" x="{Width - Margin}" y="38" text-anchor="end" class="f">search</text>""");
        string sum = Amount(root.Total, isTimed);
        Line($"""<text id="about" x="{Width / 2}" y="38" text-anchor="middle">{sum}{hidden}</text>""");
        Line($"""<g id="boxes" data-total="{root.Total}" data-width="{InnerWidth}" data-margin="{Margin}">""");
        foreach (FlameBox box in layout.Boxes)
        {
            double x = Margin + ((double)box.Start * scale);
            double width = (double)box.Node.Total * scale;
            int y = HeadHeight + ((layout.Depth - box.Depth) * RowHeight);
            string name = box.Node.Name;
            int room = (int)((width - 4) / CharacterWidth);
            Line(
                $"""<g class="f" data-s="{box.Start}" data-t="{box.Node.Total}" data-d="{box.Depth}"><title>"""
                    + $"{Escape(name)} ({Amount(box.Node.Total, isTimed)}, {Share(box.Node.Total, root.Total)})</title>"
                    + $"""<rect x="{Number(x)}" y="{y}" width="{Number(width)}" height="{RowHeight - 1}" """
                    + $"""fill="{Colour(name)}" rx="1"/><text x="{Number(x + 2)}" y="{y + 12}">"""
                    + $"{Escape(Cut(name, room))}</text></g>"
            );
        }

        Line("</g>");
        Line("<script><![CDATA[");
        Line(FlameScript.Read());
        Line("]]></script>");
        Line("</svg>");
        _text.Flush();
    }

    /// <summary>An amount with its unit.</summary>
    internal static string Amount(Int128 weight, bool isTimed) =>
        !isTimed ? string.Create(CultureInfo.InvariantCulture, $"{weight:N0} {(weight == 1 ? "sample" : "samples")}")
        : weight < 1_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{(double)weight / 1e3:0.###} µs")
        : weight < 1_000_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{(double)weight / 1e6:0.###} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{(double)weight / 1e9:0.###} s");

    private static string Share(Int128 part, Int128 whole) =>
        whole == 0
            ? "0%"
            : string.Create(CultureInfo.InvariantCulture, $"{100.0 * (double)part / (double)whole:0.00}%");

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Cut(string name, int room) =>
        room < 3 ? ""
        : name.Length <= room ? name
        : name[..(room - 2)].TrimEnd('\ud800') + "..";

    /// <summary>A warm colour that follows from a name.</summary>
    private static string Colour(string name)
    {
        uint hash = 2166136261;
        foreach (char character in name)
            hash = unchecked((hash ^ character) * 16777619);

        return $"hsl({hash % 50},{70 + (hash / 50 % 25)}%,{62 + (hash / 1250 % 14)}%)";
    }

    /// <summary>Makes a text fit for XML: markup is escaped; what XML forbids becomes U+FFFD.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '<':
                    escaped.Append("&lt;");
                    break;
                case '>':
                    escaped.Append("&gt;");
                    break;
                case '&':
                    escaped.Append("&amp;");
                    break;
                case '"':
                    escaped.Append("&quot;");
                    break;
                case (< ' ' and not '\t') or 0xfffe or 0xffff:
                    escaped.Append('\ufffd');
                    break;
                default:
                    escaped.Append(rune.ToString());
                    break;
            }
        }

        return escaped.ToString();
    }

    private void Line(string line)
    {
        _text.Write(line);
        _text.Write((byte)'\n');
        _text.EndLine();
    }
}
