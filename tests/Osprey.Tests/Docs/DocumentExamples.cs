using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Osprey.Tests.Cli;
using Osprey.Tests.Recordings;

namespace Osprey.Tests.Docs;

/// <summary>Runs the command lines that documents show.</summary>
/// <remarks>
/// In a block fenced as <c>console</c>, a line <c>$ osprey ...</c> is a command. The lines up to the next one are its
/// output and then its messages, without blanks at line ends. After the command there may be <c>| head -N</c>,
/// <c>| jq .</c>, <c>| xxd -p</c> and <c>; echo $?</c>; this class does their work itself and runs no other program.
/// Paths are relative to the checkout.
/// </remarks>
internal static class DocumentExamples
{
    private const string Fence = "```";
    private const string Prompt = "$ ";

    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Replaces the output of each command in a document by what it prints now.</summary>
    public static string Regenerate(string document)
    {
        var text = new StringBuilder();
        bool isExample = false;
        bool isOutput = false;
        foreach (string line in document.Split('\n'))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                isExample = line == Fence + "console";
                isOutput = false;
            }

            if (isExample && line.StartsWith(Prompt, StringComparison.Ordinal))
            {
                text.Append(line).Append('\n').Append(Run(line[Prompt.Length..]));
                isOutput = true;
            }
            else if (!isOutput)
            {
                text.Append(line).Append('\n');
            }
        }

        return text.ToString(0, text.Length - 1);
    }

    /// <summary>Gives the command lines in a document's blocks fenced as <c>console</c> or <c>sh</c>.</summary>
    public static IEnumerable<string> CommandLines(string document)
    {
        bool isCode = false;
        foreach (string line in document.Split('\n'))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
                isCode = line is Fence + "console" or Fence + "sh";
            else if (isCode && line.StartsWith(Prompt, StringComparison.Ordinal))
                yield return line[Prompt.Length..];
            else if (
                isCode
                && (
                    line.StartsWith("osprey ", StringComparison.Ordinal)
                    || line.StartsWith("./osprey ", StringComparison.Ordinal)
                )
            )
                yield return line;
        }
    }

    /// <summary>
    /// Gives the arguments of a command line, without pipes and comments after them, and with absolute paths.
    /// </summary>
    public static string[] ArgumentsOf(string commandLine)
    {
        int end = commandLine.AsSpan().IndexOfAny("|;#>");
        return [.. Split(end < 0 ? commandLine : commandLine[..end]).Skip(1).Select(ToPath)];
    }

    private static string Run(string commandLine)
    {
        CommandRun run = CommandRun.Of(ArgumentsOf(commandLine));
        string text =
            commandLine.Contains("| xxd -p", StringComparison.Ordinal) ? Dump(run.Output)
            : commandLine.Contains("| jq .", StringComparison.Ordinal) ? Indent(run.Text)
            : run.Text;
        IEnumerable<string> lines = text.Split('\n')[..^1];
        int head = commandLine.IndexOf("| head -", StringComparison.Ordinal);
        if (head >= 0)
            lines = lines.Take(int.Parse(commandLine.AsSpan(head + "| head -".Length)));

        lines = lines.Concat(run.Messages.Split('\n')[..^1].Where(IsSameEverywhere));
        if (commandLine.EndsWith("; echo $?", StringComparison.Ordinal))
            lines = lines.Append(run.ExitCode.ToString());

        return string.Concat(
            lines.Select(line => line.Replace(Checkout.Root + "/", "", StringComparison.Ordinal).TrimEnd() + "\n")
        );
    }

    /// <summary>Leaves out the message about a missing tcpdump: packets are shown alike with it and without.</summary>
    private static bool IsSameEverywhere(string message) =>
        !message.Contains("without tcpdump: ", StringComparison.Ordinal);

    private static string Indent(string json) =>
        string.Concat(
            json.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Serialize(JsonDocument.Parse(line).RootElement, s_indented) + "\n")
        );

    private static string Dump(byte[] bytes) =>
        string.Concat(bytes.Chunk(30).Select(row => Convert.ToHexStringLower(row) + "\n"));

    private static string ToPath(string argument)
    {
        string path = Path.Combine(Checkout.Root, argument);
        return argument.Contains('/') && (Path.Exists(path) || Path.Exists(Path.GetDirectoryName(path)))
            ? path
            : argument;
    }

    private static IEnumerable<string> Split(string commandLine) =>
        commandLine
            .Split('\'')
            .SelectMany(
                (part, index) => index % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            );
}
