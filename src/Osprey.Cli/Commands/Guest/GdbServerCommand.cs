using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Guest.Shell;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Debug;
using Osprey.GdbServer;
using Osprey.Rsp.Server;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Execution;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey gdbserver</c>: the guest's own threads for gdb and lldb.</summary>
internal static class GdbServerCommand
{
    public const string Name = "gdbserver";

    private const string UsualPlace = "localhost:2345";

    public static Command Create()
    {
        var command = new DocumentedCommand(
            Name,
            "Show the guest's own threads to gdb and lldb, with memory from its RAM, breakpoints and steps",
            "osprey gdbserver                                   # then, in gdb: target remote localhost:2345",
            "osprey gdbserver --look                            # the guest is never stopped",
            "osprey gdbserver --target core:vm.core --listen unix:/tmp/vm.gdb",
            "gdb -ex 'target remote | osprey gdbserver --listen -'"
        );
        var options = new GuestOptions(command, hasForms: false);
        var listen = new Option<string>("--listen")
        {
            Description =
                $"Where to listen: HOST:PORT, unix:PATH, or - for standard input and output; {UsualPlace} otherwise",
            HelpName = "ADDRESS",
        };
        var look = new Option<bool>("--look")
        {
            Description = "Only look: the guest is not stopped, whatever the debugger asks for",
        };
        var write = new Option<bool>("--write") { Description = "Let the debugger write the guest's memory" };
        command.AddOptions(listen, look, write);
        command.SetAction(result =>
        {
            if (result.GetValue(look) && result.GetValue(write))
                throw new UsageException("choose one of --look and --write");

            GuestSettings settings = options.ReadSettings(result) with
            {
                Permissions = (result.GetValue(look), result.GetValue(write)) switch
                {
                    (true, _) => TargetPermissions.None,
                    (_, true) => TargetPermissions.Execute | TargetPermissions.Write,
                    _ => TargetPermissions.Execute,
                },
            };
            using var place = DebuggerPlace.Open(result.GetValue(listen) ?? UsualPlace);
            using var interruption = new Interruption();
            return Serve(options, settings, place, interruption.Token);
        });
        return command;
    }

    private static int Serve(
        GuestOptions options,
        GuestSettings settings,
        DebuggerPlace place,
        CancellationToken cancellation
    )
    {
        using var attached = new AttachedGuest(SteeredGuest.Open(settings, cancellation), settings);
        GuestSession guest = attached.Session;
        options.RequireTaken(guest.Target);
        var session = new DebugSession(guest);
        using var server = new DebuggerServer(session, WasRunning(guest.Target), RunCommand);
        Messages.Note($"osprey: {guest.Description}");
        foreach (string note in attached.TakeNotes())
            Messages.Note($"osprey: note: {note}");

        if (!session.CanSteer)
            Messages.Note(
                "osprey: only to look at: "
                    + (
                        settings.Permissions == TargetPermissions.None ? "as --look says"
                        : guest.Target.Access == TargetAccess.Core ? "a core file"
                        : "QEMU has no gdb stub (start it with -s, or give its monitor: gdbserver tcp:localhost:1234)"
                    )
            );

        if (server.KernelProblem is { } problem)
            Messages.Note($"osprey: note: debuggers get no symbols of the kernel: {TerminalText.Escape(problem)}");

        Messages.Note($"osprey: in gdb: target remote {place.Address}");
        place.Serve(
            (input, output, isLocal) => server.Serve(new RspServerConnection(input, output), isLocal, cancellation),
            cancellation
        );
        return ExitCode.Success;
    }

    /// <summary>Tells whether a guest ran when it was found.</summary>
    internal static bool WasRunning(GuestTarget target) =>
        target.Stub?.WasRunning ?? target.Access == TargetAccess.Live;

    /// <summary>Runs a command of ours for a debugger's <c>monitor osprey ...</c>; null for other words.</summary>
    private static string? RunCommand(string line, CancellationToken cancellation)
    {
        string[] words = [.. ShellWords.Split(line)];
        return words is ["osprey", .. string[] rest]
            ? ConsoleCommands.Refuse(rest) ?? ConsoleCommands.Run(rest, cancellation)
            : null;
    }
}
