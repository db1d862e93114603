using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Guests.Memory;
using Osprey.Session.Answers.Guests.Heap;

namespace Osprey.Cli.Commands.Guest.Memory;

/// <summary><c>osprey memory</c>: the use of the guest's memory.</summary>
internal static class MemoryCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "memory",
            "Show how much memory the guest has, and how much of it is free, used, mapped and cached",
            "osprey memory                        # a live guest is not paused",
            "osprey memory --zones                # of Linux: free pages and watermarks of each zone",
            "osprey memory --json | jq '.memory[] | select(.use == \"free\").size'"
        );
        var zones = new Option<bool>("--zones")
        {
            Description = "List the zones of a Linux guest with their free pages and watermarks",
        };
        var groups = new Option<bool>("--groups")
        {
            Description = "List the control groups of a Linux guest with the memory that each uses",
        };
        command.Options.Add(zones);
        command.Options.Add(groups);
        command.Validators.Add(result =>
        {
            if (result.GetValue(zones) && result.GetValue(groups))
                result.AddError("--zones and --groups exclude each other");
        });
        var options = new GuestOptions(command, isListing: true);
        command.SetAction(result =>
            result.GetValue(zones)
                ? GuestListingCommand.Run(
                    result,
                    options,
                    _ => MemoryZoneShape.Shape,
                    question =>
                        Take(
                            question,
                            Require(question).ReadZones(question.Session.Kernel, question.Context.Cancellation)
                        ),
                    whenEmpty: "the guest has no zones of memory yet"
                )
            : result.GetValue(groups)
                ? GuestListingCommand.Run(
                    result,
                    options,
                    _ => MemoryGroupShape.Shape,
                    question =>
                        Take(
                            question,
                            Require(question).ReadMemoryGroups(question.Session.Kernel, question.Context.Cancellation)
                        ),
                    whenEmpty: "the guest has no groups that memory is counted by"
                )
            : GuestListingCommand.Run(
                result,
                options,
                _ => MemoryUseRow.Shape,
                question =>
                {
                    MemoryUseAnswer answer = MemoryUseAnswer.Ask(question.Session, question.Context);
                    question.AddDefects(answer.Defects);
                    return answer.Rows;
                },
                whenEmpty: "nothing is known of the guest's memory"
            )
        );
        return command;
    }

    private static IGuestMemoryParts Require(ListingQuestion question) =>
        question.Session.RequireAbility<IGuestMemoryParts>("its memory is not in zones or groups that are known here");

    private static IReadOnlyList<T> Take<T>(ListingQuestion question, GuestList<T> list)
    {
        question.AddDefects(list.Defects);
        return list.Items;
    }
}
