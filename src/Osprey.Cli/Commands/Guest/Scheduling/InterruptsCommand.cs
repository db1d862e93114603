using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Session.Answers.Guests.Interrupts;

namespace Osprey.Cli.Commands.Guest.Scheduling;

/// <summary><c>osprey irq</c>: the interrupts as the guest's kernel keeps them.</summary>
internal static class InterruptsCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "irq",
                "List the interrupts of a Linux guest: controllers, handlers, and how often each CPU took them",
                "osprey irq                       # a live guest is not paused",
                "osprey irq --json | jq '.interrupts[] | select(.irq == \"LOC\").counts'"
            ),
            () => InterruptRow.Shape,
            question =>
            {
                GuestList<InterruptRow> rows = InterruptRow.Ask(question.Session, question.Context);
                question.AddDefects(rows.Defects);
                return rows.Items;
            },
            whenEmpty: "the guest has no interrupts yet"
        );
}
