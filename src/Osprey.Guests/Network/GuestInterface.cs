namespace Osprey.Guests.Network;

/// <summary>A network interface of a guest.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">The address of the kernel's object for it.</param>
public sealed record GuestInterface(string Name, ulong Address)
{
    /// <summary>Its number; null when not known.</summary>
    public ulong? Index { get; init; }

    /// <summary>True when it was switched on; null when not known.</summary>
    public bool? IsUp { get; init; }

    /// <summary>The state of its link, in a word; null when not known.</summary>
    public string? Link { get; init; }

    /// <summary>The size of its largest packet; null when not known.</summary>
    public ulong? Mtu { get; init; }

    /// <summary>Its hardware address; null when it has none, or it is not known.</summary>
    public string? HardwareAddress { get; init; }

    /// <summary>Its addresses, each with the length of its network's prefix.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>What it counted; null when its driver keeps the numbers in a place of its own.</summary>
    public GuestInterfaceCounters? Counters { get; init; }
}
