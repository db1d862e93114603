using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Timers;

/// <summary>The time of Linux's latest tick, in both of its measures: jiffies and nanoseconds since boot.</summary>
/// <param name="Jiffies">The number of ticks, which does not begin at 0.</param>
/// <param name="Time">The same moment in nanoseconds since boot.</param>
/// <param name="TickLength">The nanoseconds between two ticks.</param>
internal sealed record LinuxClock(ulong Jiffies, long Time, ulong TickLength)
{
    private const ulong MaxTick = 100_000_000;

    /// <summary>Reads it; null when the kernel has not all of it.</summary>
    /// <remarks>
    /// The length of a tick is in <c>clocksource_jiffies</c>: <c>mult</c>, shifted by <c>shift</c> bits. The time at
    /// which jiffies were counted last is <c>last_jiffies_update</c>.
    /// </remarks>
    public static LinuxClock? Read(GuestKernel kernel)
    {
        IMemoryReader memory = kernel.Values.Memory;
        var source = new LinuxStruct(kernel, "struct clocksource");
        if (
            (kernel.FindSymbol("jiffies_64") ?? kernel.FindSymbol("jiffies")) is not { } counter
            || kernel.FindSymbol("last_jiffies_update") is not { } update
            || kernel.FindSymbol("clocksource_jiffies") is not { } clock
            || !memory.TryReadUInt64(counter, out ulong jiffies)
            || !memory.TryReadUInt64(update, out ulong time)
            || time > long.MaxValue
            || source.Read(clock, "mult") is not { } factor
            || source.Read(clock, "shift") is not { } shift
            || shift >= 32
        )
            return null;

        ulong length = factor >> (int)shift;
        return length is > 0 and <= MaxTick ? new LinuxClock(jiffies, (long)time, length) : null;
    }

    /// <summary>Nanoseconds from the latest tick to a time in jiffies; negative for one that has passed.</summary>
    public long GetRemaining(ulong jiffies)
    {
        long ticks = unchecked((long)(jiffies - Jiffies));
        return Math.Abs(ticks / 2) > long.MaxValue / 4 / (long)TickLength
            ? (ticks < 0 ? long.MinValue : long.MaxValue) / 2
            : ticks * (long)TickLength;
    }
}
