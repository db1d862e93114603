using System.Globalization;
using Osprey.Target.Architectures;

namespace Osprey.Guests.Threads;

/// <summary>One thread of a guest, as its operating system keeps it, all read at one moment.</summary>
/// <param name="Id">The system's number for it.</param>
/// <param name="Address">Address of the object that the system keeps it in.</param>
/// <param name="Name">Its name; empty when it has none.</param>
/// <param name="State">The system's word for its state, such as "waiting".</param>
public sealed record GuestThreadState(ulong Id, ulong Address, string Name, string State)
{
    /// <summary>The thread in messages: "12 (worker)", or "12" when it has no name.</summary>
    public string Label =>
        Name.Length == 0
            ? Id.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Id} ({Name})");

    /// <summary>
    /// The number of the process that it is a thread of; null when the system has no processes.
    /// </summary>
    public ulong? ProcessId { get; init; }

    /// <summary>The letter that the system's own tools have for the state; null when there is none.</summary>
    public char? StateLetter { get; init; }

    /// <summary>True when it runs the kernel's code only; null when the system has no such threads.</summary>
    public bool? IsKernel { get; init; }

    /// <summary>The CPU that it runs on or ran on last, by the system's number; null when it has none yet.</summary>
    public int? Cpu { get; init; }

    /// <summary>True when it is the one that its CPU runs now.</summary>
    public bool IsRunning { get; init; }

    /// <summary>True when it waits until another one, a device or a timer wakes it up.</summary>
    public bool IsWaiting { get; init; }

    /// <summary>
    /// True when it will not run again: its stack is given back, and only what tells how it ended may be left.
    /// </summary>
    public bool HasEnded { get; init; }

    /// <summary>The address in the thread pointer register while its kernel code runs; null when not known.</summary>
    public ulong? ThreadPointer { get; init; }

    /// <summary>Its priority in the scheduler's own measure; null when not known.</summary>
    public double? Priority { get; init; }

    /// <summary>Its real-time priority; 0 when it is not a real-time thread, null when the kernel has none.</summary>
    public long? RealtimePriority { get; init; }

    /// <summary>Its niceness, from -20 to 19; null when the system has none.</summary>
    public long? Nice { get; init; }

    /// <summary>The scheduler's rules for it, such as "fifo"; null when there is only one kind.</summary>
    public string? Policy { get; init; }

    /// <summary>The scheduler's weighted run time, by which it orders threads; null when not known.</summary>
    public double? VirtualRuntime { get; init; }

    /// <summary>Time that it has spent running, in nanoseconds, up to the last switch; null when not known.</summary>
    public long? CpuTime { get; init; }

    /// <summary>
    /// Time that it ran in user mode, in nanoseconds, as the kernel counted it; null when not known.
    /// </summary>
    public long? UserTime { get; init; }

    /// <summary>
    /// Time that it ran in the kernel, in nanoseconds, as the kernel counted it; null when not known.
    /// </summary>
    public long? SystemTime { get; init; }

    /// <summary>
    /// Time since boot, in nanoseconds, at which it began to run, or stopped to; null when not known.
    /// </summary>
    public long? SwitchedAt { get; init; }

    /// <summary>Number of times that it was switched in; null when not known.</summary>
    public ulong? Switches { get; init; }

    /// <summary>Number of times that it was switched out against its will; null when not known.</summary>
    public ulong? Preemptions { get; init; }

    /// <summary>Number of times that it went to another CPU; null when not known.</summary>
    public ulong? Migrations { get; init; }

    /// <summary>Lowest address of its stack; null when not known.</summary>
    public ulong? StackStart { get; init; }

    /// <summary>Size of its stack in bytes; null when not known.</summary>
    public ulong? StackSize { get; init; }

    /// <summary>
    /// Size in bytes of all that its process has mapped; null when it has no memory of its own, or that is not known.
    /// </summary>
    public ulong? VirtualSize { get; init; }

    /// <summary>
    /// Size in bytes of its process's pages that are in memory; null when it has no memory of its own, or that is not
    /// known.
    /// </summary>
    public ulong? ResidentSize { get; init; }

    /// <summary>Number of the thread that made it; null when not known.</summary>
    public ulong? ParentId { get; init; }

    /// <summary>Address of the thread that waits for its end; null when none does.</summary>
    public ulong? Joiner { get; init; }

    /// <summary>Its timers that are set, soonest first.</summary>
    public IReadOnlyList<GuestTimer> Timers { get; init; } = [];

    /// <summary>Its registers where it was switched out; null when it runs, or they can't be read.</summary>
    public RegisterSet? Saved { get; init; }
}
