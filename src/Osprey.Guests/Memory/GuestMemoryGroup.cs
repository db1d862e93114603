namespace Osprey.Guests.Memory;

/// <summary>A group of processes whose memory a guest's kernel counts and limits together.</summary>
/// <param name="Path">Its path among the groups: "/system.slice".</param>
/// <param name="Address">Address of the kernel's structure of it.</param>
public sealed record GuestMemoryGroup(string Path, ulong Address)
{
    /// <summary>The memory that it uses in bytes; null for the root, where the kernel does not count it.</summary>
    public ulong? Usage { get; init; }

    /// <summary>The most memory that it may use in bytes; null for no limit.</summary>
    public ulong? Limit { get; init; }

    /// <summary>The swap space that it uses in bytes; null when that is not counted.</summary>
    public ulong? Swap { get; init; }

    /// <summary>True when it was removed, and memory that it used is still there.</summary>
    public bool IsDying { get; init; }
}
