using System.Runtime.CompilerServices;
using Osprey.Tracing.Memory;

namespace Osprey.Tracing.Sampling;

/// <summary>A thread's stack at one moment while it ran.</summary>
internal struct StackSample
{
    /// <summary>The time in nanoseconds, by the monotonic clock.</summary>
    public ulong Time;

    /// <summary>The operating system's number of the thread.</summary>
    public int Thread;

    /// <summary>The CPU that it ran on.</summary>
    public int Cpu;

    /// <summary>The addresses as a backtrace has them, innermost first; those that are not needed are 0.</summary>
    public Frames Addresses;

    /// <summary>The addresses of a backtrace.</summary>
    [InlineArray(RecordLayout.BacktraceLength)]
    public struct Frames
    {
        private ulong _first;
    }
}
