namespace Osprey.Guests.Devices;

/// <summary>A paravirtual device of a guest, as its driver keeps it.</summary>
/// <param name="Name">The name of the driver's class, such as <c>virtio::net</c>.</param>
/// <param name="Address">Address of the driver's object.</param>
/// <param name="Features">The features that driver and device agreed on, a bit each; null when not known.</param>
/// <param name="UsesEvents">
/// True when the two sides tell each other by an index when they want to be notified next; false when by a flag; null
/// when not known.
/// </param>
/// <param name="Queues">Its queues, by number.</param>
public sealed record GuestDevice(
    string Name,
    ulong Address,
    ulong? Features,
    bool? UsesEvents,
    IReadOnlyList<GuestDeviceQueue> Queues
);
