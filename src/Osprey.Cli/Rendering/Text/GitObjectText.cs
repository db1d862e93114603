using System.Text;
using Osprey.Cli.Rendering.Streams;
using Osprey.Git.Objects;
using Osprey.Session.Answers.Git;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Writes an object of a repository as <c>git cat-file -p</c> does.</summary>
internal static class GitObjectText
{
    public static void Write(Output output, GitObjectAnswer answer)
    {
        if (answer.Entries is { } entries)
        {
            foreach (TreeEntry entry in entries)
            {
                string mode = GitTreeShape.FormatMode(entry);
                output.Text.Append($"{mode} {GitObjectTypes.GetName(entry.Type)} {entry.Id}\t");
                AppendQuoted(output.Text, entry.RawName.Span);
                output.Text.Append((byte)'\n');
                output.FlushIfLarge();
            }
        }
        else if (output.IsTerminal)
        {
            // What a repository has may move the cursor and more; a file or a pipe gets the bytes as they are.
            foreach (string line in Encoding.UTF8.GetString(answer.Object.Data.Span).TrimEnd('\n').Split('\n'))
            {
                output.Text.Append(string.Join('\t', line.Split('\t').Select(TerminalText.Escape)));
                output.Text.Append((byte)'\n');
                output.FlushIfLarge();
            }
        }
        else
        {
            output.Flush();
            output.Write(answer.Object.Data.Span);
        }
    }

    /// <summary>
    /// Appends a name, in double quotes and with escapes as in C when it has special characters or bytes over 0x7f.
    /// </summary>
    private static void AppendQuoted(Utf8Builder text, ReadOnlySpan<byte> name)
    {
        bool isPlain = true;
        foreach (byte letter in name)
            isPlain &= letter is >= 0x20 and < 0x7f and not ((byte)'"' or (byte)'\\');

        if (isPlain)
        {
            text.Append(name);
            return;
        }

        text.Append((byte)'"');
        foreach (byte letter in name)
        {
            int simple = "\a\b\t\n\v\f\r\"\\".IndexOf((char)letter, StringComparison.Ordinal);
            if (simple >= 0)
                text.Append($"\\{"abtnvfr\"\\"[simple]}");
            else if (letter is >= 0x20 and < 0x7f)
                text.Append(letter);
            else
                text.Append($"\\{Convert.ToString(letter, 8).PadLeft(3, '0')}");
        }

        text.Append((byte)'"');
    }
}
