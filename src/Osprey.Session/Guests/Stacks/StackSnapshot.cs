using Osprey.Target.Memory;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Guests.Stacks;

/// <summary>
/// Copies a stack while the guest stands still, so that its variables can be read when it runs again.
/// </summary>
internal static class StackSnapshot
{
    /// <summary>
    /// Below the stack pointer a leaf function may keep variables (System V ABI for x86-64, section 3.2.2).
    /// </summary>
    private const ulong RedZone = 128;

    private const ulong MaxFrameSize = 1 << 20;
    private const ulong MaxSize = 8 << 20;

    /// <summary>
    /// The memory with the frames of a stack copied: the first 8 MiB of it, and frames of up to 1 MiB.
    /// </summary>
    public static SnapshotMemory Take(IMemoryReader memory, Backtrace backtrace)
    {
        var snapshot = new SnapshotMemory(memory);
        ulong room = MaxSize;
        ulong start = 0;
        ulong end = 0;
        foreach (StackFrame frame in backtrace.Frames)
        {
            if (!TryGetExtent(frame, out ulong low, out ulong high))
                continue;

            // Frames that lie one above the other are copied at once; a stack may also go on elsewhere, as after an
            // interrupt.
            if (low >= start && low <= end)
            {
                end = Math.Max(end, high);
                continue;
            }

            Capture(snapshot, start, end, ref room);
            (start, end) = (low, high);
        }

        Capture(snapshot, start, end, ref room);
        return snapshot;
    }

    private static void Capture(SnapshotMemory snapshot, ulong start, ulong end, ref ulong room)
    {
        int size = (int)Math.Min(end - start, room);
        room -= (ulong)size;
        if (size > 0)
            snapshot.Capture(start, size);
    }

    private static bool TryGetExtent(StackFrame frame, out ulong low, out ulong high)
    {
        low = high = 0;
        if (
            frame.CanonicalFrameAddress is not { } top
            || frame.Registers.StackPointer is not { } pointer
            || pointer < RedZone
        )
            return false;

        low = pointer - RedZone;
        high = top;
        return high > low && high - low <= MaxFrameSize;
    }
}
