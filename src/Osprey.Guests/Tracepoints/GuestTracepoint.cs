namespace Osprey.Guests.Tracepoints;

/// <summary>A tracepoint of a guest's kernel.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Address of the object that stands for it.</param>
/// <param name="Format">The printf format of its arguments.</param>
/// <param name="Signature">The types of its arguments, a letter each; null when not known.</param>
/// <param name="IsLogging">True when it writes samples.</param>
/// <param name="WithBacktrace">True when its samples have a backtrace.</param>
/// <param name="IsActive">
/// True when its code is switched on, for samples or for something else that counts on it; null when not known.
/// </param>
public sealed record GuestTracepoint(
    string Name,
    ulong Address,
    string Format,
    string? Signature,
    bool IsLogging,
    bool WithBacktrace,
    bool? IsActive
)
{
    /// <summary>The number of its samples in the kernel's buffers now; null when they were not counted.</summary>
    public long? Samples { get; init; }
}
