using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Target.Backends.Qemu.Block;

namespace Osprey.Cli.Commands.Guest.Block;

/// <summary><c>osprey block resume</c>: lets suspended requests go on.</summary>
internal static class BlockResumeCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "resume",
            "Let a request go on that a breakpoint holds, or all, also those that a killed osprey left",
            "osprey block resume A --write",
            "osprey block resume --all --write"
        );
        var tag = new Argument<string>("tag") { Description = "The breakpoint's tag", Arity = ArgumentArity.ZeroOrOne };
        command.Arguments.Add(tag);
        var all = new Option<bool>("--all")
        {
            Description = "Let all requests go on, and take breakpoints out that hold none",
        };
        Option<bool> write = BlockInvocation.CreateWrite();
        command.AddOptions(all, write);
        var options = new GuestOptions(command, hasForms: false, hasContext: false) { Write = write };
        command.SetAction(result =>
        {
            string? name = result.GetValue(tag);
            if (name is null != result.GetValue(all))
                throw new UsageException("give one of TAG and --all");

            return BlockInvocation.Run(result, options, invocation => Resume(invocation.Debugger, name));
        });
        return command;
    }

    private static int Resume(BlockDebugger debugger, string? tag)
    {
        if (tag is not null)
        {
            debugger.Resume(tag);
            Messages.Note($"osprey: the request that {tag} held goes on");
            return ExitCode.Success;
        }

        IReadOnlyList<BlockBreakpointStatus> resumed = debugger.ResumeAll();
        int held = resumed.Count(item => item.IsSuspended == true);
        Messages.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"osprey: {held} requests go on; {resumed.Count - held} breakpoints that held none are out"
            )
        );
        return ExitCode.Success;
    }
}
