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
    /// <summary>Tells whether a word is the name of a command that looks into a guest.</summary>
    public static bool IsCommand(string word) => word == "help" || GuestCommands.Names.Contains(word);

    /// <summary>
    /// Tells whether a command line can be run: what steers the guest itself, or goes on until it is ended, can't.
    /// </summary>
    public static bool CanRun(IReadOnlyList<string> words) =>
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

    /// <summary>Runs a command line, and gives what it printed.</summary>
    public static string Run(string[] words)
    {
        using var capture = new OutputCapture();
        _ = Program.Main(words);
        return Encoding.UTF8.GetString(capture.Data.GetBuffer(), 0, (int)capture.Data.Length) + capture.Messages;
    }
}
