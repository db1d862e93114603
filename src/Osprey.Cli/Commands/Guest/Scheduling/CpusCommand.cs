using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Session.Answers.Guests.Cpus;

namespace Osprey.Cli.Commands.Guest.Scheduling;

/// <summary><c>osprey cpus</c>: the CPUs as the guest's kernel keeps them.</summary>
internal static class CpusCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "cpus",
                "List the CPUs of a Linux guest: what each runs, what keeps it from other threads, and what it is",
                "osprey cpus                      # a live guest is not paused",
                "osprey cpus --json | jq '.cpus[0].model'"
            ),
            () => CpuStateRow.Shape,
            question =>
            {
                GuestList<CpuStateRow> rows = CpuStateRow.Ask(question.Session, question.Context);
                question.AddDefects(rows.Defects);
                return rows.Items;
            },
            whenEmpty: "the guest has no CPUs yet"
        );
}
