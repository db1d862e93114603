using System.Globalization;

namespace Osprey.Tests.Symbols.Oracle;

/// <summary>Asks <c>llvm-symbolizer</c> and <c>addr2line</c> for frames.</summary>
internal static class LlvmSymbolizer
{
    /// <summary>Returns the frames of each address, innermost first, with mangled names.</summary>
    public static List<List<OracleFrame>> Resolve(string file, IReadOnlyList<ulong> addresses)
    {
        string output = Tools.Run("llvm-symbolizer", ["--no-demangle", "--inlines", "-e", file], Format(addresses));
        var all = new List<List<OracleFrame>>();
        var frames = new List<OracleFrame>();
        string[] lines = output.Split('\n');
        for (int i = 0; i + 1 < lines.Length; i++)
        {
            if (lines[i].Length == 0 && frames.Count > 0)
            {
                all.Add(frames);
                frames = [];
                continue;
            }

            string place = lines[++i];
            int column = place.LastIndexOf(':');
            int line = place.LastIndexOf(':', column - 1);
            frames.Add(
                new OracleFrame(
                    lines[i - 1],
                    place[..line],
                    int.Parse(place.AsSpan(line + 1, column - line - 1), CultureInfo.InvariantCulture)
                )
            );
        }

        Assert.Equal(addresses.Count, all.Count);
        return all;
    }

    /// <summary>
    /// Returns the outermost function at an address as <c>addr2line</c> gives it: from DWARF, not from the symbol
    /// table.
    /// </summary>
    public static string GetOutermostByAddr2line(string file, ulong address)
    {
        string[] lines = Tools.Run("addr2line", ["-fie", file, $"0x{address:x}"]).TrimEnd('\n').Split('\n');
        return lines[^2];
    }

    private static string Format(IReadOnlyList<ulong> addresses) =>
        string.Concat(addresses.Select(address => string.Create(CultureInfo.InvariantCulture, $"0x{address:x}\n")));
}
