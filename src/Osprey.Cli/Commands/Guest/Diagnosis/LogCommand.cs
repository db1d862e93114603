using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Logs;

namespace Osprey.Cli.Commands.Guest.Diagnosis;

/// <summary><c>osprey log</c>: what the kernel said.</summary>
internal static class LogCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "log",
            "Show the messages that the guest's kernel keeps in its memory",
            "osprey log                  # all that is kept",
            "osprey log -n 20            # the last lines",
            "osprey log --level warn+    # a Linux guest's warnings and all that is more serious"
        );
        var count = new Option<int?>("--limit", "-n") { Description = "Only the last lines, so many", HelpName = "N" };
        var level = new Option<string>("--level")
        {
            Description =
                "Only messages of these levels, with commas between: emerg, alert, crit, err, warn, notice, "
                + "info, debug; warn+ for warn and more serious ones",
            HelpName = "LEVELS",
        };
        var decode = new Option<bool>("--decode") { Description = "Begin each line with its facility and level" };
        command.AddOptions(count, level, decode);
        var options = new GuestOptions(command);
        command.SetAction(result =>
        {
            if (result.GetValue(count) is < 1)
                throw new UsageException("--limit must be positive");

            LogLevelChoice? levels = null;
            if (result.GetValue(level) is { } text && (levels = LogLevelChoice.TryParse(text)) is null)
                throw new UsageException($"--level: '{text}' is not understood; levels are {LogLevelChoice.Syntax}");

            return GuestInvocation.Run(
                result,
                options,
                invocation =>
                    GuestInvocation.ShowIfConfigured(() =>
                    {
                        var answer = LogAnswer.Ask(
                            invocation.Session,
                            result.GetValue(count),
                            levels,
                            result.GetValue(decode)
                        );
                        invocation.Show(
                            answer.Records is null ? LogAnswer.Shape : LogAnswer.RecordsShape,
                            answer,
                            WriteText
                        );
                        invocation.Output.Flush();
                        Messages.Note($"osprey: {answer.Scope}");
                        foreach (string defect in answer.Defects)
                            Messages.Write($"osprey: the log may lack something: {TerminalText.Escape(defect)}");
                    }),
                paged: true
            );
        });
        return command;
    }

    private static void WriteText(LogAnswer answer, Output output)
    {
        foreach (string line in answer.Lines)
        {
            // A tab does no harm, and the kernel's own tools print it.
            string text = answer.Records is null
                ? TerminalText.Escape(line)
                : string.Join('\t', line.Split('\t').Select(TerminalText.Escape));
            output.Text.Append(text + "\n");
            output.FlushIfLarge();
        }
    }
}
