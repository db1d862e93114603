using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Guests.Memory;
using Osprey.Session.Answers.Guests.Mappings;

namespace Osprey.Cli.Commands.Guest.Memory;

/// <summary><c>osprey linear-mmap</c>: the kernel's maps of physical memory.</summary>
internal static class LinearMmapCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "linear-mmap",
                "List the kernel's own maps of physical memory and devices",
                "osprey linear-mmap                   # a live guest is not paused",
                "osprey linear-mmap --json"
            ),
            () => LinearMapShape.Shape,
            question =>
            {
                GuestList<GuestLinearMap> list = question
                    .Session.RequireAbility<IGuestMappings>("its linear maps can't be listed")
                    .ReadLinearMaps(question.Session.Kernel, question.Context.Cancellation);
                question.AddDefects(list.Defects);
                return list.Items;
            },
            whenEmpty: "the kernel has no linear map"
        );
}
