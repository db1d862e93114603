using System.Text;
using Osprey.Cli.Commands.Guest.Block;
using Osprey.Cli.Commands.Guest.Debugging;
using Osprey.Cli.Commands.Guest.Diagnosis;
using Osprey.Cli.Commands.Guest.Shell;
using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli.Commands.Guest;

/// <summary>Commands of this program that run within a debugger's console.</summary>
internal static class ConsoleCommands
{
    private const int MaxOutput = 4 << 20;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Tells whether a word is the name of a command that looks into a guest.</summary>
    public static bool IsCommand(string word) => word == "help" || GuestCommands.Names.Contains(word);

    /// <summary>
    /// Says why a command line can't be run: what steers the guest itself, or goes on until it is ended. Null when it
    /// can.
    /// </summary>
    public static string? Refuse(IReadOnlyList<string> words) =>
        CanRun(words) ? null : "this can't be run in a debugger; 'osprey threads' or 'osprey help' can\n";

    private static bool CanRun(IReadOnlyList<string> words) =>
        words
            is not (
                []
                or [
                    GdbServerCommand.Name
                    or DapCommand.Name
                    or ShellCommand.Name
                    or WatchedCommand.Name
                    or BlockCommands.Name
                    or "top"
                    or "strace"
                    or "run-until"
                    or "who-wrote"
                    or ReplayCommands.Name
                    or "trace-calls"
                    or "fault"
                    or "continue"
                    or "pause"
                    or "reset"
                    or "step",
                    ..,
                ]
            );

    /// <summary>
    /// Runs a command line, and gives what it printed. The guest is kept from all debuggers meanwhile: so there is a
    /// limit to the time and to the output.
    /// </summary>
    /// <param name="words">The words behind the program's name.</param>
    /// <param name="cancellation">The wish to end it, or the end of the debugger.</param>
    public static string Run(string[] words, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ending.CancelAfter(s_limit);
        using var data = new LimitedStream(MaxOutput);
        using var capture = new OutputCapture { Data = data, Cancellation = ending.Token };
        _ = Program.Main(words);
        string text = Encoding.UTF8.GetString(data.GetBuffer(), 0, (int)data.Length) + capture.Messages;
        return data.IsFull ? $"{text}\nosprey: cut after {MaxOutput >> 20} MiB: more than a debugger's console takes\n"
            : !ending.IsCancellationRequested ? text
            : cancellation.IsCancellationRequested ? $"{text}osprey: ended early\n"
            : $"{text}osprey: ended after {s_limit.TotalSeconds} s: longer than a debugger can wait\n";
    }
}
