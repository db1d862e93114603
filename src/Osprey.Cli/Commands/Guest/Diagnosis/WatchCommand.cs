using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Guest.Shell;
using Osprey.Cli.Rendering.Screens;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Guests;

namespace Osprey.Cli.Commands.Guest.Diagnosis;

/// <summary><c>osprey watch</c>: another command, again and again.</summary>
internal static class WatchCommand
{
    // Those that go on by themselves, and one that writes a file.
    private static readonly string[] s_refused =
    [
        WatchedCommand.Name,
        ShellCommand.Name,
        "capture",
        "count",
        "dap",
        "dump",
        "gdbserver",
        "record",
        "strace",
        "top",
        "trace-calls",
    ];

    public static Command Create()
    {
        var command = new DocumentedCommand(
            WatchedCommand.Name,
            "Show another command's answer again every second, with what changed marked; the guest is opened once",
            "osprey watch threads --state waiting --sort since",
            "osprey watch --interval 0.2 --count 10 print some_counter"
        );
        var repetition = new RepetitionOptions(command);
        var options = new GuestOptions(command, hasForms: false);
        command.Arguments.Add(
            new Argument<string[]>("command")
            {
                Description = "The command, with its arguments and options",
                Arity = ArgumentArity.OneOrMore,
            }
        );
        command.SetAction(result =>
        {
            string[] words = result.GetValue<string[]>("command")!;

            // What is written wrongly would be so every second.
            ParseResult watched = Program.Parse(words);
            if (watched.Action is ParseErrorAction || s_refused.Contains(watched.CommandResult.Command.Name))
                throw new UsageException($"'{words[0]}' can't be watched");

            Repetition times = repetition.Read(result);
            using var interruption = new Interruption();
            using AttachedGuest? attached = Attach(result, options, watched, interruption.Token);
            return Run(words, times, attached, interruption.Token);
        });
        return command;
    }

    private static AttachedGuest? Attach(
        ParseResult result,
        GuestOptions options,
        ParseResult watched,
        CancellationToken cancellation
    )
    {
        if (options.FindAttached(result) is not null || !WatchedCommand.LooksIntoGuest(watched))
            return null;

        GuestSession session = GuestInvocation.Open(result, options, cancellation);
        GuestInvocation.Introduce(session, options.GetInheritedTarget(result) is not null);
        return new AttachedGuest(session, options.ReadSettings(result));
    }

    private static int Run(string[] words, Repetition times, AttachedGuest? attached, CancellationToken cancellation)
    {
        int code = ExitCode.Success;
        using var output = new Output(paged: false);
        var screen = new Screen(output);
        times.Run(
            _ =>
            {
                var lines = new List<string>();
                using (var capture = new OutputCapture())
                {
                    int shown = Program.Main(words);
                    cancellation.ThrowIfCancellationRequested();
                    attached?.Session.RequireAlive();
                    code = shown;
                    string text = Encoding.UTF8.GetString(capture.Data.GetBuffer(), 0, (int)capture.Data.Length);
                    lines.AddRange(text.Split('\n').SkipLast(text.EndsWith('\n') ? 1 : 0));
                    lines.AddRange(capture.Messages.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
                }

                screen.Show([.. lines.Select(line => TerminalText.Escape(line.TrimEnd()))]);
            },
            cancellation
        );
        return code;
    }
}
