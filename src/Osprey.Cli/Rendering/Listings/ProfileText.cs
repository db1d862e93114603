using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Traces.Profiles;
using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Draws profiles as trees.</summary>
internal static class ProfileText
{
    /// <summary>Writes the trees, each under a heading when there is one for each group.</summary>
    public static void Write(ProfileAnswer profile, Output output)
    {
        foreach (ProfileAnswer.Tree tree in profile.Rows)
        {
            if (tree.Grouping != ProfileGrouping.None)
            {
                string heading =
                    tree.Grouping == ProfileGrouping.Thread
                        ? $"Thread {tree.Profile.ThreadName} (0x{tree.Profile.Group:x})"
                        : $"CPU 0x{tree.Profile.Group:x2}";
                output.Text.Append($"\n=== {heading} ===\n\n");
            }

            if (tree.Root is { } root)
                new TreePrinter<ProfileNodeRow>(
                    output,
                    (row, text, newLine) => AppendLabel(row, text, newLine, output.ShortensNames),
                    node => node.ListChildren()
                ).Print(root);
        }
    }

    private static void AppendLabel(ProfileNodeRow row, Utf8Builder text, Action newLine, bool isShort)
    {
        ProfileNode node = row.Node;
        if (row.HasTime)
        {
            TimeText.AppendHuman(text, node.Duration.Total, node.Duration.IsFractional);
            text.Append((byte)' ');
        }

        text.Append((byte)'(');
        text.AppendFormatted(row.Percent, "F2");
        text.Append($"%, #{node.Hits}) ");
        text.Append(isShort ? ShortNames.Shorten(node.Text) : node.Text);
        foreach (string line in node.Tail)
        {
            newLine();
            text.Append((byte)' ');
            text.Append(isShort ? ShortNames.Shorten(line) : line);
        }
    }
}
