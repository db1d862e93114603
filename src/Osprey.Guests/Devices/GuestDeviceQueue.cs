namespace Osprey.Guests.Devices;

/// <summary>A queue between a guest's driver and its device (a split virtqueue of the virtio standard).</summary>
/// <remarks>All indices count up for ever and wrap after 65535.</remarks>
/// <param name="Number">Its number within the device.</param>
/// <param name="Address">Address of the driver's object for it.</param>
/// <param name="Size">The number of its descriptors.</param>
/// <param name="AvailableIndex">The number of requests that the guest has put in.</param>
/// <param name="UsedIndex">The number of requests that the device has given back.</param>
public sealed record GuestDeviceQueue(int Number, ulong Address, uint Size, ushort AvailableIndex, ushort UsedIndex)
{
    /// <summary>The number of requests that the driver has taken back; null when not known.</summary>
    public ushort? TakenIndex { get; init; }

    /// <summary>The number of requests that the device has not given back.</summary>
    public int InFlight => unchecked((ushort)(AvailableIndex - UsedIndex));

    /// <summary>
    /// The number of requests that were given back and that the driver has not taken; null when not known.
    /// </summary>
    public int? ToTake => TakenIndex is { } taken ? unchecked((ushort)(UsedIndex - taken)) : null;

    /// <summary>The number of descriptors that are free; null when not known.</summary>
    public int? Free { get; init; }

    /// <summary>The number of requests that the device was not yet told of; null when not known.</summary>
    public int? Unannounced { get; init; }

    /// <summary>True when the device asked by its flag not to be told of requests; null when not known.</summary>
    public bool? DeviceIsQuiet { get; init; }

    /// <summary>True when the driver asked by its flag for no interrupts; null when not known.</summary>
    public bool? DriverIsQuiet { get; init; }

    /// <summary>
    /// The index of the request that the device wants to be told of, written by the device; null when events are not
    /// used.
    /// </summary>
    public ushort? AvailableEvent { get; init; }

    /// <summary>
    /// The index of the answer that the driver wants an interrupt for, written by the driver; null when events are not
    /// used.
    /// </summary>
    public ushort? UsedEvent { get; init; }

    /// <summary>Virtual address of its descriptor table; null when not known.</summary>
    public ulong? DescriptorsAddress { get; init; }

    /// <summary>Virtual address of its available ring; null when not known.</summary>
    public ulong? AvailableAddress { get; init; }

    /// <summary>Virtual address of its used ring; null when not known.</summary>
    public ulong? UsedAddress { get; init; }
}
