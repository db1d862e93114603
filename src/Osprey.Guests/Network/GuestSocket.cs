namespace Osprey.Guests.Network;

/// <summary>A socket of a guest.</summary>
/// <param name="Address">The address of the kernel's object for it.</param>
/// <param name="Protocol">The protocol, such as "tcp" or "unix"; "tcp6" and the like for those of IPv6.</param>
/// <param name="Type">"stream", "datagram", "packets" or "raw"; null when not known.</param>
/// <param name="State">Its state in a word; null when it has none.</param>
public sealed record GuestSocket(ulong Address, string Protocol, string? Type, string? State)
{
    /// <summary>Its own address, port or path; null when it has none.</summary>
    public string? Local { get; init; }

    /// <summary>That of the other side; null when it has none.</summary>
    public string? Remote { get; init; }

    /// <summary>
    /// Bytes that wait for the program; for one that listens, connections. Null when not known.
    /// </summary>
    public ulong? ReceiveQueue { get; init; }

    /// <summary>Bytes that were not sent, or not taken by the other side; null when not known.</summary>
    public ulong? SendQueue { get; init; }

    /// <summary>For one that listens, the most connections that may wait; null otherwise.</summary>
    public ulong? Backlog { get; init; }

    /// <summary>The number that files have for it; null when no program has it.</summary>
    public ulong? Inode { get; init; }

    /// <summary>The processes that have it open.</summary>
    public IReadOnlyList<GuestSocketUser> Users { get; init; } = [];
}
