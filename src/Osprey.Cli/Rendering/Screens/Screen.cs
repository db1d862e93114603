using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli.Rendering.Screens;

/// <summary>Shows a page in place of the one before on a terminal, and behind it anywhere else.</summary>
/// <param name="output">The output.</param>
internal sealed class Screen(Output output)
{
    private const string Home = "\u001b[H";
    private const string ClearRest = "\u001b[K";
    private const string ClearBelow = "\u001b[J";

    private IReadOnlyList<string>? _before;

    /// <summary>The number of lines that fit; null when the output is no terminal.</summary>
    public int? Rows => output.IsTerminal ? Math.Max(3, (Terminal.Height ?? 25) - 1) : null;

    /// <summary>Shows a page. On a terminal, what changed is marked, and what does not fit is left out.</summary>
    /// <param name="lines">Its lines, without control letters.</param>
    public void Show(IReadOnlyList<string> lines)
    {
        if (Rows is not { } rows)
        {
            output.Text.Append(_before is null ? "" : "\n");
            foreach (string line in lines)
                output.Text.Append(line + "\n");

            _before = lines;
            output.Flush();
            return;
        }

        int width = Terminal.Width ?? 80;
        output.Text.Append(_before is null ? Home + ClearBelow : Home);
        for (int i = 0; i < Math.Min(lines.Count, rows); i++)
        {
            string line = Cut(lines[i], width);
            string? old =
                _before is null ? line
                : i < _before.Count ? Cut(_before[i], width)
                : null;
            output.Text.Append(LineChanges.Mark(old, line) + ClearRest + "\n");
        }

        output.Text.Append(ClearBelow);
        _before = lines;
        output.Flush();
    }

    private static string Cut(string line, int width) => line.Length < width ? line : line[..Math.Max(1, width - 1)];
}
