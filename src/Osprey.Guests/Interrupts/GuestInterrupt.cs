namespace Osprey.Guests.Interrupts;

/// <summary>An interrupt of a guest, as its kernel keeps it.</summary>
/// <param name="Name">Its number, or a word for one of the processor's own: "24", "LOC".</param>
/// <param name="Counts">
/// The number of times that each CPU took it, in the order of the kernel's CPUs; empty where CPUs are not told apart.
/// </param>
public sealed record GuestInterrupt(string Name, IReadOnlyList<ulong> Counts)
{
    /// <summary>The number of times that it came, where CPUs are not told apart; 0 otherwise.</summary>
    public ulong CommonCount { get; init; }

    /// <summary>The number of times that it came in all.</summary>
    public ulong Total => Counts.Aggregate(CommonCount, (sum, count) => unchecked(sum + count));

    /// <summary>The number that it has at its controller; null when it has none.</summary>
    public ulong? HardwareNumber { get; init; }

    /// <summary>The name of its controller; null when it has none.</summary>
    public string? Controller { get; init; }

    /// <summary>What makes it come, in the kernel's word, such as "edge"; null when it is not known.</summary>
    public string? Trigger { get; init; }

    /// <summary>Its meaning in words, for one of the processor's own; null for others.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// True for work that the kernel puts off to the end of interrupts (a softirq), which no device causes.
    /// </summary>
    public bool IsSoft { get; init; }

    /// <summary>Address of the kernel's structure of it; null for one of the processor's own.</summary>
    public ulong? Address { get; init; }

    /// <summary>The handlers, in the order in which they are called.</summary>
    public IReadOnlyList<GuestInterruptHandler> Handlers { get; init; } = [];
}
