using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.CommandLine.Completion;
using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli.Commands.General;

/// <summary><c>osprey completion</c>: what makes a shell complete our command lines.</summary>
internal static class CompletionCommand
{
    public const string Name = "completion";

    public const string Summary = "Print what makes a shell complete command lines";

    public static Command Create()
    {
        var command = new DocumentedCommand(
            Name,
            Summary + ": commands, options, guests, tracepoints, files",
            "eval \"$(osprey completion bash)\"                      # in ~/.bashrc",
            "osprey completion zsh > ~/.zfunc/_osprey              # a folder of $fpath",
            "osprey completion fish > ~/.config/fish/completions/osprey.fish"
        );
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        command.Arguments.Add(shell);
        command.SetAction(result =>
        {
            using var output = new Output(paged: false);
            output.Text.Append(CompletionScripts.For(result.GetValue(shell)!));
            output.Flush();
            return ExitCode.Success;
        });
        return command;
    }
}
