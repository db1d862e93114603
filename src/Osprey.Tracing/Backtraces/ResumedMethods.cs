namespace Osprey.Tracing.Backtraces;

/// <summary>The async methods and tasks that the runtime has resumed on a thread, one within another.</summary>
/// <remarks>
/// With each go the frames that the thread had when the runtime told of it. The runtime's method that resumes one is
/// the innermost frame that a backtrace has in common with them, by its place and by where it returns to: there the
/// frames of the method end and those of the thread pool begin, in whose place a backtrace has the logical callers.
/// </remarks>
internal sealed class ResumedMethods
{
    private const int Deepest = 32; // two for each method that a completed one resumes at once
    private const int FramesOfEach = 16;

    [ThreadStatic]
    private static ResumedMethods? t_current;

    private readonly AsyncCall?[] _calls = new AsyncCall?[Deepest];
    private readonly ulong[] _frames = new ulong[Deepest * FramesOfEach];
    private readonly ulong[] _returns = new ulong[Deepest * FramesOfEach];
    private int _generation;
    private int _depth;

    /// <summary>Gets what is resumed on this thread.</summary>
    /// <param name="generation">The run of <see cref="AsyncCallers"/>: what an earlier one left is stale.</param>
    /// <returns>Null when nothing is, when the innermost is not known, or when they are nested too deeply.</returns>
    public static ResumedMethods? GetCurrent(int generation) =>
        t_current is { } current
        && current._generation == generation
        && current._depth is > 0 and <= Deepest
        && current._calls[current._depth - 1] is not null
            ? current
            : null;

    /// <summary>Begins one.</summary>
    /// <param name="generation">The run.</param>
    /// <param name="call">The call; null when it is not known, or when others are told that it has completed.</param>
    public static void Begin(int generation, AsyncCall? call)
    {
        ResumedMethods current = t_current ??= new ResumedMethods();
        if (current._generation != generation)
        {
            current._generation = generation;
            current._depth = 0;
        }

        int level = current._depth++;
        if (level >= Deepest)
            return;

        current._calls[level] = call;
        Span<ulong> frames = current._frames.AsSpan(level * FramesOfEach, FramesOfEach);
        Span<ulong> returns = current._returns.AsSpan(level * FramesOfEach, FramesOfEach);
        frames[FrameWalk.Follow(frames, returns)..].Fill(ulong.MaxValue);
    }

    /// <summary>Ends the innermost one.</summary>
    public static void End(int generation)
    {
        if (t_current is not { _depth: > 0 } current || current._generation != generation)
            return;

        int level = --current._depth;
        if (level < Deepest)
            current._calls[level] = null; // the task must not be kept alive
    }

    /// <summary>Whether a frame is that of the method which resumed the innermost one, or one beyond it.</summary>
    public bool IsBeyond(ulong frame, ulong returnAddress)
    {
        int index = Array.BinarySearch(_frames, (_depth - 1) * FramesOfEach, FramesOfEach, frame);
        return index >= 0 && _returns[index] == returnAddress;
    }

    /// <summary>Writes the places of the logical callers, innermost first, as return addresses.</summary>
    /// <returns>Their number.</returns>
    public unsafe int AddCallers(ulong* addresses, int room)
    {
        int count = 0;
        AsyncCall? call = _calls[_depth - 1]?.Awaiter;
        for (int steps = 0; call is not null && count < room && steps < 64; steps++)
        {
            // Readers look up the address before a return address.
            if (call.Place != 0)
                addresses[count++] = call.Place + 1;
            call = Volatile.Read(ref call.Awaiter);
        }

        return count;
    }
}
