using System.Runtime.InteropServices;

namespace Osprey.Tracing.Rings;

/// <summary>A moment by both clocks, and how the time goes on from there; a cache line for itself.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct ClockAnchor
{
    /// <summary>The binary digits of <see cref="Scale"/> behind the point.</summary>
    public const int ScaleBits = 32;

    /// <summary>Odd while the other members are written; another number afterwards.</summary>
    public ulong Sequence;

    /// <summary>The processor's counter.</summary>
    public ulong Ticks;

    /// <summary>The monotonic clock in nanoseconds.</summary>
    public ulong Time;

    /// <summary>The nanoseconds of a tick, as a number with a fixed point.</summary>
    public ulong Scale;

    /// <summary>The ticks from which on the anchor is too old; 0 while it can't be used.</summary>
    public ulong Limit;
}
