using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Allocations;

namespace Osprey.Cli.Commands.Guest.Memory;

/// <summary><c>osprey leak show</c>: who allocated the memory that is in use.</summary>
internal static class LeakShowCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "show",
            "Show the calls that allocated the memory that is in use, those with the most bytes first",
            "osprey leak show                     # what was allocated since `osprey leak on --write`",
            "osprey leak show --limit 10 --min-bytes 65536",
            "osprey leak show --after 516986      # only what came later than an earlier answer's seq=516986",
            "osprey leak show --json | jq '.groups[0]'"
        );
        var limit = new Option<int?>("--limit", "-n")
        {
            Description = "Show so many chains of calls at most; all when left out",
            HelpName = "N",
        };
        var minBytes = new Option<long>("--min-bytes")
        {
            Description = "Leave out chains of calls that have fewer bytes in use",
            HelpName = "BYTES",
        };
        var after = new Option<ulong>("--after")
        {
            Description = "Leave out what was allocated up to here: the 'seq' of an earlier answer",
            HelpName = "SEQ",
        };
        command.Options.Add(after);
        command.Options.Add(limit);
        command.Options.Add(minBytes);
        var options = new GuestOptions(command);
        command.SetAction(result =>
        {
            int most = result.GetValue(limit) ?? int.MaxValue;
            if (most < 1)
                throw new UsageException("--limit must be positive");

            if (result.GetValue(minBytes) < 0)
                throw new UsageException("--min-bytes must not be negative");

            return GuestInvocation.RunIfConfigured(
                result,
                options,
                invocation =>
                    Show(
                        invocation,
                        new AllocationQuery(result.GetValue(after), (ulong)result.GetValue(minBytes), most)
                    ),
                paged: true
            );
        });
        return command;
    }

    private static int Show(GuestInvocation invocation, AllocationQuery query)
    {
        AllocationsAnswer answer = AllocationsAnswer.Ask(invocation.Session, query, invocation.Context);
        invocation.Show(AllocationsAnswer.Shape, answer, AllocationsText.Write);
        invocation.Output.Flush();
        if (answer.List.Items.Count == 0)
            Messages.Write(
                "osprey: no allocation is recorded"
                    + (answer.List.IsOn == false ? ": osprey leak on --write starts the record" : "")
            );
        else if (answer.GroupCount == 0)
            Messages.Write(
                query.After == 0
                    ? "osprey: no chain of calls has so many bytes in use: see --min-bytes"
                    : "osprey: no chain of calls has so many bytes in use that were allocated since then"
            );
        else if (answer.GroupCount > query.Limit)
            Messages.Write($"osprey: {answer.GroupCount - query.Limit} more chains of calls are left out: see --limit");

        foreach (string defect in answer.List.Defects)
            Messages.Write($"osprey: the list may lack something: {TerminalText.Escape(defect)}");

        return ExitCode.Success;
    }
}
