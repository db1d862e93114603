using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Guests.Memory;
using Osprey.Session.Answers.Guests.Heap;

namespace Osprey.Cli.Commands.Guest.Memory;

/// <summary><c>osprey slab</c>: the caches that the objects of a Linux kernel are of.</summary>
internal static class SlabCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "slab",
                "List the caches that a Linux kernel's objects are of, the one that takes the most memory first",
                "osprey slab | head                   # a live guest is not paused",
                "osprey slab --json | jq '.caches[] | select(.cache == \"dentry\").active'"
            ),
            () => SlabCacheShape.Shape,
            question =>
            {
                GuestList<GuestSlabCache> caches = question
                    .Session.RequireAbility<IGuestMemoryParts>("it has no caches of objects that are known here")
                    .ReadSlabCaches(question.Session.Kernel, question.Context.Cancellation);
                question.AddDefects(caches.Defects);
                return caches.Items;
            },
            whenEmpty: "the kernel has no caches yet"
        );
}
