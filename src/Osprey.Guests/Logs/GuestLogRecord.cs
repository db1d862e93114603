namespace Osprey.Guests.Logs;

/// <summary>A message of a kernel that keeps more of it than its text.</summary>
/// <param name="Sequence">Its number: messages are counted from 0 at boot.</param>
/// <param name="Time">Nanoseconds on the kernel's clock, which begins when it boots.</param>
/// <param name="Facility">The part of the system that it is from, as syslog counts them: 0 is the kernel.</param>
/// <param name="Level">Its weight, as syslog counts them: 0 is an emergency, 7 is for debugging.</param>
/// <param name="Text">The text, which may have several lines.</param>
public sealed record GuestLogRecord(ulong Sequence, ulong Time, int Facility, int Level, string Text)
{
    /// <summary>
    /// The thread that wrote it, as <c>T</c> with its number, or the CPU, as <c>C</c> with its number, where that was
    /// not in a thread; null when the kernel does not keep it.
    /// </summary>
    public string? Caller { get; init; }

    /// <summary>The subsystem of the device that it is about; null when there is none.</summary>
    public string? Subsystem { get; init; }

    /// <summary>The device that it is about; null when there is none.</summary>
    public string? Device { get; init; }

    /// <summary>True when more may be added to the text.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>True when the text can't be read, or is not this message's.</summary>
    public bool IsTorn { get; init; }
}
