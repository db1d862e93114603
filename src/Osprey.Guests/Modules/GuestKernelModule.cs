namespace Osprey.Guests.Modules;

/// <summary>A module of a kernel, as the kernel lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Its size in bytes, all parts together.</param>
/// <param name="State">Its state in the system's words, such as "live".</param>
public sealed record GuestKernelModule(string Name, ulong Size, string State)
{
    /// <summary>Address of the kernel's structure of it.</summary>
    public ulong Address { get; init; }

    /// <summary>The number of its users; null when the kernel does not count them.</summary>
    public long? References { get; init; }

    /// <summary>The modules that use it.</summary>
    public IReadOnlyList<string> UsedBy { get; init; } = [];

    /// <summary>Letters for what it did to the kernel, such as O: built outside; empty for nothing.</summary>
    public string Taint { get; init; } = "";

    /// <summary>The build-id of its file in hexadecimal digits; null when the kernel does not have it.</summary>
    public string? BuildId { get; init; }

    /// <summary>The parts of memory that it has.</summary>
    public IReadOnlyList<GuestModulePart> Parts { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(GuestKernelModule? other) =>
        other is not null && (Address, Name, State) == (other.Address, other.Name, other.State);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, Name, State);
}
