using System.Globalization;
using Osprey.Tracing.Sampling;

namespace Osprey.Tracing;

/// <summary>Records the stacks of the threads that run, at each so many nanoseconds of their CPU time.</summary>
/// <remarks>
/// The records are those of OSv's sampler: tracepoint <c>sampler_tick</c>, with a backtrace whose first frame is the
/// method that ran. The environment starts it with the program: <c>OSPREY_TRACE_SAMPLER=1000</c>.
/// </remarks>
public static class Sampler
{
    private const int OsvFrequency = 100_000;
    private const string RatePath = "/proc/sys/kernel/perf_event_max_sample_rate";

    private static readonly Lock s_lock = new();
    private static CpuTimeSampler? s_running;
    private static int s_frequency;

    /// <summary>The highest frequency: OSv's, or the kernel's own where that is lower.</summary>
    public static int LargestFrequency => TryReadRate(out int rate) ? Math.Clamp(rate, 1, OsvFrequency) : OsvFrequency;

    /// <summary>The samples for each second of a thread's CPU time; 0 while the sampler is stopped.</summary>
    public static int Frequency => Volatile.Read(ref s_frequency);

    /// <summary>
    /// Whether samples are also taken while threads are in system calls. They are not where the kernel lets this user
    /// look at programs only (<c>kernel.perf_event_paranoid</c> is 2 or more); false while the sampler is stopped.
    /// </summary>
    public static bool CoversSystemCalls => Volatile.Read(ref s_running)?.CoversKernel ?? false;

    /// <summary>The samples that were lost since the sampler was started; they count as dropped records, too.</summary>
    public static long Lost => Volatile.Read(ref s_running)?.Lost ?? 0;

    /// <summary>Starts the sampler, anew when it runs.</summary>
    /// <param name="frequency">The samples for each second of a thread's CPU time.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The frequency is less than 1, or more than <see cref="LargestFrequency"/>.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The system does not let this process be sampled; the message says why.
    /// </exception>
    public static void Start(int frequency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frequency, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frequency, LargestFrequency);
        lock (s_lock)
        {
            StopRunning();
            CpuTimeSampler.Tick.Switch(enabled: true, backtrace: true);
            try
            {
                Volatile.Write(ref s_running, new CpuTimeSampler(frequency));
                Volatile.Write(ref s_frequency, frequency);
            }
            catch (NotSupportedException)
            {
                CpuTimeSampler.Tick.Switch(enabled: false, backtrace: false);
                throw;
            }
        }
    }

    /// <summary>Stops the sampler; the samples that were taken till then are written.</summary>
    public static void Stop()
    {
        lock (s_lock)
            StopRunning();
    }

    private static void StopRunning()
    {
        if (s_running is null)
            return;

        s_running.Dispose();
        Volatile.Write(ref s_running, null);
        Volatile.Write(ref s_frequency, 0);
        CpuTimeSampler.Tick.Switch(enabled: false, backtrace: false);
    }

    private static bool TryReadRate(out int rate)
    {
        rate = 0;
        try
        {
            return OperatingSystem.IsLinux()
                && int.TryParse(File.ReadAllText(RatePath), CultureInfo.InvariantCulture, out rate);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
