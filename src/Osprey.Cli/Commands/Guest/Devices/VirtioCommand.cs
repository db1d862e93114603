using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Session.Answers.Guests.Devices;

namespace Osprey.Cli.Commands.Guest.Devices;

/// <summary><c>osprey virtio</c>: virtio devices and their queues.</summary>
internal static class VirtioCommand
{
    public static Command Create() =>
        GuestListingCommand.Complete(
            new DocumentedCommand(
                "virtio",
                "List the virtio devices: their queues, what is in flight, and who is notified when",
                "osprey virtio                    # in flight: put in by the guest, not given back by the device",
                "osprey virtio --json | jq '.queues[] | select(.inFlight > 0)'"
            ),
            () => DeviceQueueRow.Shape,
            question =>
            {
                GuestList<DeviceQueueRow> rows = DeviceQueueRow.Ask(question.Session, question.Context);
                question.AddDefects(rows.Defects);
                return rows.Items;
            },
            whenEmpty: "the guest has no virtio devices"
        );
}
