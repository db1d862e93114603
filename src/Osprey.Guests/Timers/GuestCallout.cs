namespace Osprey.Guests.Timers;

/// <summary>A function that a guest's kernel calls at a certain time.</summary>
/// <param name="Address">Address of the object that stands for it.</param>
/// <param name="Function">Address of the function.</param>
/// <param name="Argument">The argument that it is called with.</param>
/// <param name="Time">The time in nanoseconds since boot; null when it is not known.</param>
/// <param name="Flags">The system's flags as they are.</param>
public sealed record GuestCallout(ulong Address, ulong Function, ulong Argument, long? Time, ulong Flags)
{
    /// <summary>True when it was started and not stopped since.</summary>
    public bool IsActive { get; init; }

    /// <summary>True when it waits for its time.</summary>
    public bool IsPending { get; init; }

    /// <summary>True when the function was called.</summary>
    public bool IsCompleted { get; init; }
}
