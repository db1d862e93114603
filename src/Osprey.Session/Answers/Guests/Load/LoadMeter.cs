using System.Diagnostics;
using Osprey.Guests.Threads;

namespace Osprey.Session.Answers.Guests.Load;

/// <summary>Compares what a guest's scheduler has counted from one look to the next.</summary>
/// <remarks>
/// <para>
/// A scheduler adds to a thread's CPU time when it switches the thread out. A thread that runs is given what has passed
/// since it was switched in, as far as that is known: the latest time that the scheduler says of any CPU. One that ran
/// at both looks without a switch between them ran all the time.
/// </para>
/// <para>
/// The length of the time between two looks is the guest's, unless that is much less than the host's: a guest without
/// anything to do writes no time down. At the first look it is the guest's time since boot. CPUs are busy as far as
/// their idle threads, which have no priority at all, did not run.
/// </para>
/// </remarks>
public sealed class LoadMeter
{
    private Dictionary<ulong, Sample> _before = [];
    private long? _stamp;
    private long? _time;

    /// <summary>Takes the next look.</summary>
    /// <param name="list">The guest's threads now.</param>
    public LoadAnswer Next(GuestThreadList list) => Next(list, Stopwatch.GetTimestamp());

    /// <summary>Takes the next look.</summary>
    /// <param name="list">The guest's threads.</param>
    /// <param name="stamp">The host's time of it, as a <see cref="Stopwatch"/> counts.</param>
    internal LoadAnswer Next(GuestThreadList list, long stamp)
    {
        long? period = _stamp is { } start ? FindPeriod(start, stamp, list.Time) : list.Time;
        bool isFirst = _stamp is null;
        var loads = new List<ThreadLoad>();
        var idle = new Dictionary<int, long>();
        var after = new Dictionary<ulong, Sample>();
        foreach (GuestThreadState thread in list.Threads)
        {
            Sample now = Sample.Of(thread, list.Time);
            after[thread.Address] = now;
            long ran = Math.Max(0, now.RanSince(_before.GetValueOrDefault(thread.Address), period));
            ran = period is { } most ? Math.Min(ran, Math.Max(most, 0)) : ran;
            if (!IsIdle(thread))
                loads.Add(new ThreadLoad(thread, ran, ToShare(ran, period)));
            else if (thread.Cpu is int cpu)
                idle[cpu] = unchecked(idle.GetValueOrDefault(cpu) + ran);
        }

        (_before, _stamp, _time) = (after, stamp, list.Time);
        return new LoadAnswer(
            list.Time,
            period,
            isFirst,
            ListCpus(list, idle, period),
            [.. loads.OrderByDescending(load => load.RanFor).ThenBy(load => load.Thread.Id)],
            list.Defects
        );
    }

    private long FindPeriod(long start, long stamp, long? time)
    {
        long host = (long)Stopwatch.GetElapsedTime(start, stamp).TotalNanoseconds;
        return time - _time is { } guest && guest > host / 2 && guest / 2 < host ? guest : host;
    }

    private static List<CpuLoad> ListCpus(GuestThreadList list, Dictionary<int, long> idle, long? period)
    {
        var cpus = new List<CpuLoad>();
        foreach (int cpu in list.Threads.Select(thread => thread.Cpu).OfType<int>().Distinct().Order())
        {
            GuestThreadState[] own = [.. list.Threads.Where(thread => thread.Cpu == cpu)];
            GuestThreadState? running = own.FirstOrDefault(thread => thread.IsRunning);
            double? busy = idle.TryGetValue(cpu, out long slept) ? 100 - ToShare(slept, period) : null;
            cpus.Add(new CpuLoad(cpu, busy, own.Count(IsReady), running?.Id, running?.Name));
        }

        return cpus;
    }

    private static double? ToShare(long ran, long? period) =>
        period is > 0 and { } time ? Math.Clamp(100.0 * ran / time, 0, 100) : null;

    private static bool IsIdle(GuestThreadState thread) => thread.Priority is double.PositiveInfinity;

    private static bool IsReady(GuestThreadState thread) =>
        !thread.IsRunning && !IsIdle(thread) && thread.State is "queued" or "waking";

    /// <summary>A thread's counters at one look.</summary>
    private sealed record Sample(long CpuTime, long Running, bool IsRunning, ulong? Switches, long? SwitchedAt)
    {
        public static Sample Of(GuestThreadState thread, long? now) =>
            new(
                thread.CpuTime ?? 0,
                thread.IsRunning && now - thread.SwitchedAt is > 0 and var running ? running : 0,
                thread.IsRunning,
                thread.Switches,
                thread.SwitchedAt
            );

        public long RanSince(Sample? before, long? period)
        {
            long total = unchecked(CpuTime + Running);
            if (before is null)
                return total;

            return IsRunning && before.IsRunning && Switches == before.Switches && SwitchedAt == before.SwitchedAt
                ? period ?? 0
                : unchecked(total - before.CpuTime - before.Running);
        }
    }
}
