using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Block;
using Osprey.Target.Backends.Qemu.Block;
using Osprey.Traces.Text;

namespace Osprey.Cli.Commands.Guest.Block;

/// <summary><c>osprey block list</c>: drives, nodes, filters, breakpoints.</summary>
internal static class BlockListCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "list",
            "List the drives with their nodes, and the filters, breakpoints and suspended requests in them",
            "osprey block list",
            "osprey block list --json | jq '.breakpoints[] | select(.suspended)'"
        );
        var options = new GuestOptions(command, hasContext: false);
        command.SetAction(result =>
            BlockInvocation.Run(
                result,
                options,
                invocation =>
                {
                    var answer = new BlockAnswer(invocation.Debugger.ReadGraph(), invocation.Debugger.ReadStatus());
                    if (options.IsJson(result))
                        JsonAnswers.Write(invocation.Output, BlockAnswer.Shape, answer);
                    else
                        Write(invocation.Output.Text, answer);

                    if (answer.Status.Problem is { } problem)
                        Messages.Write(
                            $"osprey: which requests are suspended is not known: {TerminalText.Escape(problem)}"
                        );

                    return answer.Status.Problem is null ? ExitCode.Success : ExitCode.Failure;
                }
            )
        );
        return command;
    }

    /// <summary>Writes it as text.</summary>
    internal static void Write(Utf8Builder text, BlockAnswer answer)
    {
        bool isAny = false;
        foreach (BlockAnswer.Drive drive in answer.Drives)
        {
            isAny = true;
            string errors = drive.Block.StopsForErrors == true ? ", may stop the guest for errors" : "";
            text.Append(
                $"{TerminalText.Escape(drive.Block.Name)}{TerminalText.Escape(DescribeDevice(drive))}{errors}\n"
            );
            if (drive.Nodes.Count == 0)
                text.Append("  no medium\n");

            foreach (BlockAnswer.Node node in drive.Nodes)
                text.Append(
                    $"{new string(' ', 2 * (node.Depth + 1))}{TerminalText.Escape(DescribeNode(node, drive.Filter))}\n"
                );

            foreach (string rule in drive.Rules)
                text.Append($"  fails: {TerminalText.Escape(rule)}\n");

            foreach (BlockBreakpointStatus item in answer.Status.Breakpoints.Where(item => IsOf(item, drive)))
                text.Append($"  breakpoint {Describe(item)}\n");
        }

        if (!isAny)
            text.Append("no drives\n");

        foreach (string name in answer.UnusedFilters)
            text.Append($"{TerminalText.Escape(name)}: a filter in no drive, left over; block remove takes it away\n");

        foreach (
            BlockBreakpointStatus item in answer.Status.Breakpoints.Where(item =>
                !answer.Drives.Any(drive => IsOf(item, drive))
            )
        )
            text.Append($"breakpoint {Describe(item)}\n");
    }

    private static bool IsOf(BlockBreakpointStatus item, BlockAnswer.Drive drive) =>
        item.Breakpoint.Drive == drive.Block.Name;

    private static string DescribeDevice(BlockAnswer.Drive drive) =>
        drive.Block.QdevPath is { } path ? $": {path}" : ": no device of the guest";

    private static string DescribeNode(BlockAnswer.Node node, BlockNode? filter)
    {
        string role = node.Role.Length > 0 ? $"{node.Role}: " : "";
        string mark =
            node.Block != filter ? ""
            : BlockFilter.IsOurs(node.Block) ? ", put in by osprey"
            : ", a filter of somebody else";
        string access = node.Block.IsReadOnly ? ", read-only" : "";
        return $"{role}{node.Block.Name} ({node.Block.Driver}{access}{mark}) {node.Block.FileName}";
    }

    private static string Describe(BlockBreakpointStatus item)
    {
        string state = item.IsSuspended switch
        {
            true => "holds a request",
            false => "waits for a request",
            null => "not known whether it holds a request",
        };
        string place =
            item.Breakpoint.Event.Length > 0 ? $"at {item.Breakpoint.Event}" : "at an event that nobody noted";
        return TerminalText.Escape($"{item.Breakpoint.Tag} {place}: {state}");
    }
}
