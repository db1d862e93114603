namespace Osprey.Guests.Timers;

/// <summary>A timer of a CPU of a guest's kernel.</summary>
/// <param name="Cpu">The CPU that it runs out on.</param>
/// <param name="Kind">The kind of timer in the system's word: "wheel", "hrtimer".</param>
/// <param name="Address">Address of the object that stands for it.</param>
/// <param name="Function">Address of the function that is called then.</param>
public sealed record GuestKernelTimer(int Cpu, string Kind, ulong Address, ulong Function)
{
    /// <summary>The clock that it counts by: "monotonic", "realtime".</summary>
    public string Clock { get; init; } = "monotonic";

    /// <summary>The time in nanoseconds since boot; null when it is not known.</summary>
    public long? Time { get; init; }

    /// <summary>Nanoseconds until then, by the kernel's latest tick; null when not known.</summary>
    public long? Remaining { get; init; }

    /// <summary>The thread that it wakes up: the address of its object; null when it wakes none.</summary>
    public ulong? Thread { get; init; }

    /// <summary>The function that it has a worker call: its address; null for none.</summary>
    public ulong? Work { get; init; }
}
