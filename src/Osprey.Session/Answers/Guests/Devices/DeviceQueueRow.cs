using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.Devices;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Devices;

/// <summary>A queue of a paravirtual device, or a device without any.</summary>
/// <param name="Device">The device.</param>
/// <param name="Queue">The queue; null when the device has none.</param>
public sealed record DeviceQueueRow(GuestDevice Device, GuestDeviceQueue? Queue)
{
    /// <summary>The columns.</summary>
    public static Shape<DeviceQueueRow> Shape { get; } =
        new Shape<DeviceQueueRow>("queues")
            .Text("device", row => row.Device.Name)
            .Address("address", row => row.Device.Address)
            .Address("features", row => row.Device.Features)
            .OnlyInData()
            .Boolean("eventIndex", row => row.Device.UsesEvents)
            .OnlyInData()
            .Integer("queue", row => row.Queue?.Number)
            .Address("queueAddress", row => row.Queue?.Address)
            .Headed("QUEUE AT")
            .Integer("size", row => row.Queue?.Size)
            .Integer("available", row => row.Queue?.AvailableIndex)
            .Integer("used", row => row.Queue?.UsedIndex)
            .Integer("inFlight", row => row.Queue?.InFlight)
            .Integer("taken", row => row.Queue?.TakenIndex)
            .OnlyInData()
            .Integer("toTake", row => row.Queue?.ToTake)
            .Integer("free", row => row.Queue?.Free)
            .Integer("unannounced", row => row.Queue?.Unannounced)
            .OnlyInData()
            .Integer("availableEvent", row => row.Queue?.AvailableEvent)
            .OnlyInData()
            .Integer("usedEvent", row => row.Queue?.UsedEvent)
            .OnlyInData()
            .Boolean("deviceIsQuiet", row => row.Queue?.DeviceIsQuiet)
            .OnlyInData()
            .Boolean("driverIsQuiet", row => row.Queue?.DriverIsQuiet)
            .OnlyInData()
            .Text(
                "notify",
                row => Describe(row, row.Queue?.AvailableEvent, row.Queue?.AvailableIndex, row.Queue?.DeviceIsQuiet)
            )
            .Headed("DEVICE NOTIFIED")
            .OnlyInText()
            .Text(
                "interrupt",
                row => Describe(row, row.Queue?.UsedEvent, row.Queue?.UsedIndex, row.Queue?.DriverIsQuiet)
            )
            .Headed("DRIVER INTERRUPTED")
            .OnlyInText();

    /// <summary>Lists them, by device.</summary>
    /// <exception cref="TargetException">The system has no such ability, or its kernel is not known.</exception>
    public static GuestList<DeviceQueueRow> Ask(GuestSession session, QuestionContext context)
    {
        var devices = session.RequireAbility<IGuestDevices>("its virtio devices can't be listed");
        GuestList<GuestDevice> list = devices.ReadVirtioDevices(session.Kernel, context.Cancellation);
        return new GuestList<DeviceQueueRow>(
            [
                .. list.Items.SelectMany(device =>
                    device.Queues.Count == 0
                        ? [new DeviceQueueRow(device, null)]
                        : device.Queues.Select(queue => new DeviceQueueRow(device, queue))
                ),
            ],
            list.Defects
        );
    }

    /// <summary>
    /// Says when one side tells the other: with events, at the request or answer of a certain number, which is only
    /// reached when the number lies ahead (virtio standard, "Used Buffer Notification Suppression").
    /// </summary>
    private static string? Describe(DeviceQueueRow row, ushort? wanted, ushort? next, bool? isQuiet)
    {
        if (row.Queue is not { } queue)
            return null;

        if (row.Device.UsesEvents != true)
            return isQuiet switch
            {
                null => null,
                true => "no",
                false => "always",
            };

        int ahead = unchecked((ushort)(wanted - next ?? 0));
        return wanted is null ? null
            : ahead == 0 ? "at the next"
            : ahead <= queue.Size ? string.Create(CultureInfo.InvariantCulture, $"after {ahead} more")
            : "no";
    }
}
