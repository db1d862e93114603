using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Osprey.Tracing.Memory;

namespace Osprey.Tracing.Rings;

/// <summary>The time of records: the monotonic clock, by way of the processor's counter where that is right.</summary>
/// <remarks>
/// <para>
/// Reading the monotonic clock is the dearest part of a record: the C library waits for all loads before it reads the
/// counter, then calculates. The counter alone takes less than half of that. So the clock is read once a millisecond,
/// together with the counter (an anchor), and the time of a record is the anchor's and what the counter says has
/// passed since, by a rate that was measured over 10 to 500 ms.
/// </para>
/// <para>
/// What it may be wrong by: both clocks are read between two readings of the counter that lie at most 1000 ticks
/// apart, else the pair is not used; half of that, and the rate's error over a millisecond, is the bound, some 200 ns.
/// The anchor never goes back: when it is found ahead of the clock, its rate is lowered for the next millisecond. A
/// reader that comes while the anchor is moved does not wait, but takes the clock itself; two records that are written
/// on two CPUs within the bound may then have their times the other way around. Each ring stays sorted:
/// the writer sees to that.
/// </para>
/// <para>
/// The counter is used only if it runs at one rate in all states of the processor (CPUID says so), and if the kernel,
/// which compares the CPUs' counters, has not ruled it out as a clock of its own. A virtual machine that moves to
/// another host may see it jump; the rate then does not fit any more, and all begins anew with the clock itself: times
/// may be wrong by a millisecond for a millisecond. <c>OSPREY_TRACE_CLOCK=system</c> has the clock itself read for each
/// record; <c>counter</c> has the counter used without the kernel's word, for who knows that it is right.
/// </para>
/// </remarks>
internal static unsafe class TraceClock
{
    private const string SourcePath = "/sys/devices/system/clocksource/clocksource0/";
    private const ulong WidestPair = 1000;

    private static readonly delegate* unmanaged[SuppressGCTransition]<ulong> s_counter = Prepare();
    private static readonly ClockCalibration s_calibration = new();
    private static readonly ClockAnchor* s_anchor = s_calibration.Anchor;

    private static int s_isMoving;

    /// <summary>Whether the processor's counter is used.</summary>
    public static bool UsesCounter => s_counter != null;

    /// <summary>The time in nanoseconds, by the monotonic clock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read()
    {
        unchecked
        {
            if (s_counter == null)
                return (ulong)Stopwatch.GetTimestamp();

            ClockAnchor* anchor = s_anchor;
            ulong sequence = Volatile.Read(ref anchor->Sequence);
            ulong time = Volatile.Read(ref anchor->Time);
            ulong scale = Volatile.Read(ref anchor->Scale);
            ulong limit = Volatile.Read(ref anchor->Limit);
            ulong start = Volatile.Read(ref anchor->Ticks);
            ulong passed = s_counter() - start;
            if (passed < limit && (sequence & 1) == 0 && Volatile.Read(ref anchor->Sequence) == sequence)
                return time + ((passed * scale) >> ClockAnchor.ScaleBits);
            return ReadSlowly();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong ReadSlowly()
    {
        if (Interlocked.CompareExchange(ref s_isMoving, 1, 0) != 0)
            return (ulong)Stopwatch.GetTimestamp();

        ulong time = TryReadBoth(out ulong ticks, out ulong now) ? s_calibration.Move(ticks, now) : now;
        Volatile.Write(ref s_isMoving, 0);
        return time;
    }

    /// <summary>Reads both clocks at nearly the same moment.</summary>
    /// <returns>False when the thread was interrupted each time; the monotonic clock is right then, too.</returns>
    private static bool TryReadBoth(out ulong ticks, out ulong time)
    {
        ulong before = s_counter();
        for (int tries = 0; ; tries++)
        {
            time = (ulong)Stopwatch.GetTimestamp();
            ulong after = s_counter();
            ulong width = unchecked(after - before);
            ticks = unchecked(before + (width / 2));
            if (width <= WidestPair)
                return true;
            if (tries == 3)
                return false;
            before = after;
        }
    }

    private static delegate* unmanaged[SuppressGCTransition]<ulong> Prepare()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return null;

        bool isUsed = Environment.GetEnvironmentVariable("OSPREY_TRACE_CLOCK") switch
        {
            "counter" => IsInvariant(),
            "system" => false,
            _ => IsInvariant() && IsTrusted(),
        };
        if (!isUsed)
            return null;

        // rdtsc; shl rdx, 32; or rax, rdx; ret
        return (delegate* unmanaged[SuppressGCTransition]<ulong>)
            MachineCode.Make([0x0F, 0x31, 0x48, 0xC1, 0xE2, 0x20, 0x48, 0x09, 0xD0, 0xC3]);
    }

    /// <summary>Whether the counter runs at one rate whatever the processor's power state ("invariant TSC").</summary>
    private static bool IsInvariant()
    {
        unchecked
        {
            const int largest = (int)0x8000_0000;
            const int power = (int)0x8000_0007;
            return X86Base.IsSupported
                && (uint)X86Base.CpuId(largest, 0).Eax >= (uint)power
                && (X86Base.CpuId(power, 0).Edx & (1 << 8)) != 0;
        }
    }

    /// <summary>Whether the kernel has the counter among its clocks, and goes by it itself or by the host.</summary>
    private static bool IsTrusted()
    {
        try
        {
            string current = File.ReadAllText(SourcePath + "current_clocksource").Trim();
            string[] available = File.ReadAllText(SourcePath + "available_clocksource").Split((char[])[' ', '\n']);
            return current is "tsc" or "kvm-clock" or "hyperv_clocksource_tsc_page" && available.Contains("tsc");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
