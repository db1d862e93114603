using Osprey.Guests.Threads;

namespace Osprey.Guests.Scheduling;

/// <summary>A CPU of a guest and the threads that it runs or could run.</summary>
/// <param name="Cpu">The system's number for the CPU.</param>
/// <param name="Running">The thread that it runs; null when that is not known.</param>
/// <param name="Queued">The threads that are ready, the one that runs next first.</param>
/// <param name="Waking">
/// The threads that others woke up and that the CPU has not yet put into its queue, in the order of their coming.
/// </param>
public sealed record GuestRunQueue(
    int Cpu,
    GuestThreadState? Running,
    IReadOnlyList<GuestThreadState> Queued,
    IReadOnlyList<GuestThreadState> Waking
);
