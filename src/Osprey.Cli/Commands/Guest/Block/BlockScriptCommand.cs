using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Guests.Block;
using Osprey.Session.Guests.Scripts;

namespace Osprey.Cli.Commands.Guest.Block;

/// <summary><c>osprey block script</c>: steps with waits, and all taken back at the end.</summary>
internal static class BlockScriptCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "script",
            "Let a file of steps suspend and fail requests in an order, and take all back at the end",
            "osprey block script race.block --dry-run",
            "osprey block script race.block --write"
        );
        var file = new Argument<string>("file") { Description = "The steps, one a line" };
        command.Arguments.Add(file);
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Only say what would be done, and whether the drives and events are there",
        };
        Option<bool> write = BlockInvocation.CreateWrite();
        command.AddOptions(dryRun, write);
        var changing = new GuestOptions(command, hasForms: false, hasContext: false) { Write = write };
        command.SetAction(result =>
        {
            try
            {
                var script = BlockScript.Load(result.GetValue(file)!);
                return result.GetValue(dryRun)
                    ? BlockInvocation.Run(result, changing, invocation => Check(invocation, script), isChange: false)
                    : BlockInvocation.Run(result, changing, invocation => Run(invocation, script));
            }
            catch (ScriptException exception)
            {
                throw new CommandFailedException(TerminalText.Escape(exception.Message));
            }
        });
        return command;
    }

    private static int Check(BlockInvocation invocation, BlockScript script)
    {
        new BlockScriptRunner(script, invocation.Debugger, invocation.Settings, _ => { }).Check();
        foreach (BlockStep step in script.Steps)
            Report(invocation, string.Create(CultureInfo.InvariantCulture, $"{step.Line}: {step.Text}"));

        return ExitCode.Success;
    }

    private static int Run(BlockInvocation invocation, BlockScript script)
    {
        new BlockScriptRunner(script, invocation.Debugger, invocation.Settings, text => Report(invocation, text)).Run(
            invocation.Cancellation
        );
        return ExitCode.Success;
    }

    private static void Report(BlockInvocation invocation, string text)
    {
        invocation.Output.Text.Append($"{TerminalText.Escape(text)}\n");
        invocation.Output.Flush();
    }
}
