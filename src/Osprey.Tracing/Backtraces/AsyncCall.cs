namespace Osprey.Tracing.Backtraces;

/// <summary>A call of an async method, or another task, that has not completed yet.</summary>
/// <param name="place">
/// The address that stands for its method in a backtrace; 0 for a task that is no async method's.
/// </param>
internal sealed class AsyncCall(ulong place)
{
    /// <summary>The address that stands for its method.</summary>
    public ulong Place { get; } = place;

    /// <summary>Who awaits it, the last one if there are several; null while nobody does.</summary>
    public AsyncCall? Awaiter;
}
