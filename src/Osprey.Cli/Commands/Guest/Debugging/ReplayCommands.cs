using System.CommandLine;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Guests.Replay;
using Osprey.Target;

namespace Osprey.Cli.Commands.Guest.Debugging;

/// <summary><c>osprey replay</c>: starts a QEMU that records a guest, or replays it.</summary>
internal static partial class ReplayCommands
{
    public const string Name = "replay";

    public static Command Create()
    {
        var command = new DocumentedCommand(
            Name,
            "Record a guest with QEMU, and replay it: then a debugger can go backwards",
            "osprey replay record crash -- qemu-system-x86_64 -m 512 -kernel bzImage -nographic",
            "osprey replay play crash",
            "osprey who-wrote jiffies"
        );
        command.Subcommands.Add(CreateRecord());
        command.Subcommands.Add(CreatePlay());
        return command;
    }

    private static DocumentedCommand CreateRecord()
    {
        var command = new DocumentedCommand(
            "record",
            "Start a QEMU that records everything that comes to its guest from outside",
            "osprey replay record crash -- qemu-system-x86_64 -m 512 -kernel bzImage -nographic"
        );
        Argument<string> folder = AddFolder(command, "The folder for the recording, which is made");
        var words = new Argument<string[]>("qemu")
        {
            Description = "QEMU's command line, behind --; drives as -drive file=...,if=none,id=NAME",
            Arity = ArgumentArity.OneOrMore,
        };
        command.Arguments.Add(words);
        command.SetAction(result =>
            Become(() => GuestRecording.Create(result.GetValue(folder)!, result.GetValue(words)!))
        );
        return command;
    }

    private static DocumentedCommand CreatePlay()
    {
        var command = new DocumentedCommand(
            "play",
            "Start a QEMU that replays a recording, stopped at its beginning, with a gdb stub",
            "osprey replay play crash",
            "osprey replay play crash -- -s      # its gdb stub at TCP port 1234"
        );
        Argument<string> folder = AddFolder(command, "The recording's folder");
        var words = new Argument<string[]>("argument")
        {
            Description = "Arguments for QEMU beyond those of the recording, behind --",
            Arity = ArgumentArity.ZeroOrMore,
        };
        command.Arguments.Add(words);
        command.SetAction(result =>
            Become(() => GuestRecording.Open(result.GetValue(folder)!, result.GetValue(words) ?? []))
        );
        return command;
    }

    private static Argument<string> AddFolder(DocumentedCommand command, string description)
    {
        var folder = new Argument<string>("folder") { Description = description };
        command.Arguments.Add(folder);
        return folder;
    }

    /// <summary>Has QEMU take this process's place: the terminal, signals and the exit code are its own then.</summary>
    private static int Become(Func<GuestRecording> prepare)
    {
        GuestRecording recording;
        try
        {
            recording = prepare();
        }
        catch (FormatException malformed)
        {
            throw new UsageException(malformed.Message);
        }

        Messages.Note(
            TerminalText.Escape($"osprey: {recording.Program} {string.Join(' ', recording.Arguments.Select(Quote))}")
        );
        if (recording.LeavesOutNetwork)
            Messages.Note(
                "osprey: note: the guest has no network card: QEMU's usual one can't be replayed; "
                    + "-netdev user,id=n0 -device virtio-net-pci,netdev=n0 can"
            );

        string[] line = [recording.Program, .. recording.Arguments];
        nint[] words = [.. line.Select(Marshal.StringToCoTaskMemUTF8), 0];
        _ = Execute(recording.Program, words);
        throw new TargetException(
            $"{recording.Program} can't be started: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}"
        );
    }

    private static string Quote(string word) => word.Any(char.IsWhiteSpace) ? $"'{word}'" : word;

    [LibraryImport("libc", EntryPoint = "execvp", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string program, nint[] words);
}
