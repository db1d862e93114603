using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Dap;

namespace Osprey.Cli.Commands.Guest;

/// <summary><c>osprey dap</c>: a guest for editors.</summary>
internal static class DapCommand
{
    public const string Name = "dap";

    public static Command Create()
    {
        var command = new DocumentedCommand(
            Name,
            "Show guests to editors that speak the Debug Adapter Protocol: VS Code, Neovim, Emacs",
            "osprey dap                                         # an editor starts it, and names the guest itself",
            "osprey dap --listen localhost:4711                 # editors connect to it"
        );
        var listen = new Option<string>("--listen")
        {
            Description = "Where to listen: HOST:PORT or unix:PATH; standard input and output otherwise",
            HelpName = "ADDRESS",
        };
        command.AddOptions(listen);
        command.SetAction(result =>
        {
            using var place = DebuggerPlace.Open(result.GetValue(listen) ?? DebuggerPlace.Streams);
            using var interruption = new Interruption();
            if (place.Address != "|")
                Messages.Note($"osprey: editors connect to {place.Address}");

            var adapter = new DebugAdapter((wish, token) => AttachedDebuggee.Open(wish, token));
            place.Serve((input, output, _) => adapter.Serve(input, output, interruption.Token), interruption.Token);
            return ExitCode.Success; // serving until it is ended is what it is for
        });
        return command;
    }
}
