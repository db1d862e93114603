using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Live;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Guests.Scripts;

namespace Osprey.Cli.Commands.Guest.Block;

/// <summary><c>osprey block wait</c>: until a request is suspended.</summary>
internal static class BlockWaitCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "wait",
            "Let this program wait until a breakpoint holds a request; QEMU and the guest go on meanwhile",
            "osprey block wait A --timeout 10s"
        );
        var tag = new Argument<string>("tag") { Description = "The breakpoint's tag" };
        command.Arguments.Add(tag);
        var timeout = new Option<string>("--timeout")
        {
            Description = "The longest wait, such as 10s; 30 s by default",
            HelpName = "TIME",
        };
        command.Options.Add(timeout);
        var options = new GuestOptions(command, hasForms: false, hasContext: false);
        command.SetAction(result =>
        {
            TimeSpan longest = LiveOptions.ReadDuration(result, timeout) ?? ScriptWords.DefaultTimeout;
            return BlockInvocation.Run(
                result,
                options,
                invocation =>
                {
                    invocation.Debugger.Wait(result.GetValue(tag)!, longest);
                    Messages.Note($"osprey: {result.GetValue(tag)} holds a request");
                    return ExitCode.Success;
                }
            );
        });
        return command;
    }
}
