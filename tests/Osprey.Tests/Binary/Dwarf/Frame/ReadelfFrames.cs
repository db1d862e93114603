using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Binary.Dwarf.Frame;
using Osprey.Binary.Elf;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Binary.Dwarf.Frame;

/// <summary>Compares a file's call frame information with readelf's output, entry by entry and row by row.</summary>
internal static partial class ReadelfFrames
{
    private static readonly string[] s_names =
    [
        "rax",
        "rdx",
        "rcx",
        "rbx",
        "rsi",
        "rdi",
        "rbp",
        "rsp",
        "r8",
        "r9",
        "r10",
        "r11",
        "r12",
        "r13",
        "r14",
        "r15",
        "ra",
    ];

    /// <summary>Returns the first 20 differences, and the numbers of entries and rows compared.</summary>
    public static (List<string> Differences, int Entries, int Rows) Compare(string path, FrameSectionKind kind)
    {
        using ElfImage image = ElfImage.Open(path);
        var table = FrameTable.FromImage(image, kind)!;
        var ours = new Dictionary<int, FrameDescription>();
        foreach (FrameDescription description in table.EnumerateDescriptions())
            ours.Add(description.Offset, description);

        var differences = new List<string>();
        var common = new Dictionary<int, List<string>>();
        int entries = 0;
        int rows = 0;
        string[] lines = Tools.Run("readelf", ["-wN", "--debug-dump=frames-interp", path]).Split('\n');
        string name = kind == FrameSectionKind.EhFrame ? ".eh_frame" : ".debug_frame";
        int line =
            Array.FindIndex(lines, text => text.StartsWith($"Contents of the {name} section", StringComparison.Ordinal))
            + 1;
        for (
            ;
            line < lines.Length
                && !lines[line].StartsWith("Contents", StringComparison.Ordinal)
                && differences.Count < 20;
            line++
        )
        {
            Match head = Head().Match(lines[line]);
            if (!head.Success)
                continue;

            int offset = int.Parse(head.Groups["offset"].Value, NumberStyles.HexNumber);
            var block = new List<string>();
            for (int next = line + 1; next < lines.Length && lines[next].Length > 0; next++)
                block.Add(lines[next]);

            if (!head.Groups["cie"].Success)
            {
                common[offset] = block;
                continue;
            }

            ulong start = ulong.Parse(head.Groups["start"].Value, NumberStyles.HexNumber);
            ulong end = ulong.Parse(head.Groups["end"].Value, NumberStyles.HexNumber);
            if (start == end || start == 0)
                continue;

            entries++;
            if (
                !ours.TryGetValue(offset, out FrameDescription description)
                || description.Start != start
                || description.End != end
            )
            {
                differences.Add($"{name}+0x{offset:x}: readelf has 0x{start:x}..0x{end:x}, we {description}");
                continue;
            }

            bool isInherited = block.Count < 2;
            rows += CompareRows(
                table,
                description,
                isInherited ? common[int.Parse(head.Groups["cie"].Value, NumberStyles.HexNumber)] : block,
                isInherited,
                differences
            );
        }

        if (entries != ours.Count && differences.Count == 0)
            differences.Add($"{entries} entries of readelf, {ours.Count} of ours");

        return (differences, entries, rows);
    }

    private static int CompareRows(
        FrameTable table,
        FrameDescription description,
        List<string> block,
        bool isInherited,
        List<string> differences
    )
    {
        string[] columns = block[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var expected = new SortedDictionary<ulong, string>();
        foreach (string text in block.Skip(1))
        {
            string[] cells = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            ulong at = isInherited ? description.Start : ulong.Parse(cells[0], NumberStyles.HexNumber);
            if (description.Contains(at))
                expected[at] = string.Join(' ', cells.Skip(1));
        }

        var actual = new SortedDictionary<ulong, string>();
        foreach (UnwindRow row in table.ReadRows(description))
        {
            actual.Add(row.Start, Describe(row, columns));
            UnwindRow? found = table.FindRow(row.End - 1);
            if (found is null || found.Start != row.Start || Describe(found, columns) != actual[row.Start])
                differences.Add($"0x{row.Start:x}: looked up, 0x{found?.Start:x}");
        }

        if (!expected.SequenceEqual(actual))
            differences.Add($"0x{description.Start:x}: readelf has\n  {Join(expected)}\nwe\n  {Join(actual)}");

        return expected.Count;

        static string Join(SortedDictionary<ulong, string> rows) =>
            string.Join("\n  ", rows.Select(row => $"{row.Key:x} {row.Value}"));
    }

    private static string Describe(UnwindRow row, string[] columns)
    {
        var cells = new List<string>
        {
            row.Cfa.Register < 0 ? "exp" : $"{s_names[row.Cfa.Register]}{row.Cfa.Offset:+0;-0;+0}",
        };
        foreach (string column in columns.Skip(2))
        {
            RegisterRule rule = row.GetRule(column == "rflags" ? 49 : Array.IndexOf(s_names, column));
            cells.Add(
                rule.Kind switch
                {
                    RegisterRuleKind.Unspecified or RegisterRuleKind.Undefined => "u",
                    RegisterRuleKind.SameValue => "s",
                    RegisterRuleKind.Offset => $"c{rule.Value:+0;-0;+0}",
                    RegisterRuleKind.ValueOffset => $"v{rule.Value:+0;-0;+0}",
                    RegisterRuleKind.Register => $"r{rule.Value} ({s_names[rule.Value]})",
                    RegisterRuleKind.Expression => "exp",
                    RegisterRuleKind.ValueExpression => "vexp",
                    _ => "?",
                }
            );
        }

        return string.Join(' ', cells);
    }

    [GeneratedRegex(
        @"^(?<offset>[0-9a-f]{8,16}) [0-9a-f]+ [0-9a-f]+ "
            + @"(CIE|FDE cie=(?<cie>[0-9a-f]+) pc=(?<start>[0-9a-f]+)\.\.(?<end>[0-9a-f]+))"
    )]
    private static partial Regex Head();
}
