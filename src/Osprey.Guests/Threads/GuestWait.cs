namespace Osprey.Guests.Threads;

/// <summary>The thing that a thread of a guest waits for.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Description">
/// The same in words, with names and numbers: "mutex 0x…, owned by thread 12 (worker)".
/// </param>
public sealed record GuestWait(GuestWaitKind Kind, string Description)
{
    /// <summary>Address of the lock, thread or other object; null when not known.</summary>
    public ulong? Object { get; init; }

    /// <summary>
    /// Number of the thread that owns it or is waited for; null when there is none, or it is not known.
    /// </summary>
    public ulong? Owner { get; init; }
}
