using System.Diagnostics;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Guests.Tracepoints;
using Osprey.Rest.Counters;
using Osprey.Rest.Tracepoints;
using Osprey.Session.Traces.Rings;
using Osprey.Target;

namespace Osprey.Cli.Commands.Trace.Control;

/// <summary>
/// Shows how often the enabled tracepoints of a guest are hit, by the samples that come to its buffers: nothing is
/// written.
/// </summary>
/// <param name="selection">The tracepoints that are meant; null for all that are enabled.</param>
/// <param name="interval">The time between two rows.</param>
/// <param name="iterations">The number of rows; null for no end.</param>
/// <param name="duration">The time after which it ends; null for no end.</param>
internal sealed class GuestCounting(
    TracepointSelection? selection,
    TimeSpan interval,
    int? iterations,
    TimeSpan? duration
)
{
    private static readonly TimeSpan s_mostPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Counts until the end that was asked for, or Ctrl-C.</summary>
    public int Run(GuestInvocation invocation)
    {
        if (invocation.Session.Target.Access != TargetAccess.Live)
            throw new CommandFailedException(
                "hits can only be counted in a guest that runs, read out of its QEMU's memory: "
                    + "this one stands still (paused, reached by its gdb stub, or a core file)"
            );

        var rings = GuestRings.Of(invocation.Session, startsAtNewest: true, invocation.Cancellation);
        ILookup<string, ulong> counted = FindCounted(invocation);
        rings.RequireAllocated();
        var counts = new RingCounts(rings);
        string[] names = [.. counted.Select(group => group.Key).Order(StringComparer.Ordinal)];
        var table = new RateTable(names);
        var json = new JsonLines();
        if (!invocation.IsJson)
            table.WriteHeader(invocation.Output.Text);

        invocation.Output.Flush();
        var watch = Stopwatch.StartNew();
        var last = new GuestRates(0, 0, [.. names.Select(name => new CounterRate(name, 0, null, null))], 0, 0);
        long due = interval.Ticks;
        int rows = 0;
        bool isOver = false;
        while (!isOver && rows != iterations)
        {
            isOver = Wait(counts, watch, TimeSpan.FromTicks(due), invocation.Cancellation);
            if (invocation.Cancellation.IsCancellationRequested && iterations is not null)
                invocation.Cancellation.ThrowIfCancellationRequested();

            if (isOver && watch.Elapsed.TotalMilliseconds - last.TimeMilliseconds < 1)
                break;

            GuestRates now = last.Next(
                watch.ElapsedMilliseconds,
                name => counted[name].Sum(counts.CountOf),
                counts.LostSamples,
                counts.LostBytes
            );
            if (invocation.IsJson)
                json.Append(invocation.Output.Text, GuestRates.Shape, now);
            else
                table.WriteRow(invocation.Output.Text, now.ToCounterRates());

            invocation.Output.Flush();
            Report(last, now);
            last = now;
            rows++;
            due = Math.Max(due + interval.Ticks, watch.Elapsed.Ticks);
        }

        foreach (string defect in rings.Defects)
            Messages.Write("osprey: samples may be missing: " + TerminalText.Escape(defect));

        return rings.Defects.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Finds the tracepoints that are meant and enabled, by name.</summary>
    private ILookup<string, ulong> FindCounted(GuestInvocation invocation)
    {
        IReadOnlyList<GuestTracepoint> all = invocation
            .Session.RequireAbility<IGuestTracepoints>("its tracepoints can't be listed")
            .ReadTracepoints(invocation.Session.Kernel, invocation.Cancellation)
            .Items;
        selection?.RequireMatches([.. all.Select(item => item.Name)]);
        GuestTracepoint[] meant = [.. all.Where(item => selection?.Matches(item.Name) != false)];
        if (!Array.Exists(meant, item => item.IsLogging))
            throw new CommandFailedException(
                (meant.Length == all.Count ? "no tracepoint is enabled" : "none of these tracepoints is enabled")
                    + ": without the guest's REST server, only hits of those that are enabled can be counted "
                    + "(osprey trace enable)"
            );

        string[] silent =
        [
            .. (selection?.Patterns ?? [])
                .Where(pattern => !meant.Any(item => item.IsLogging && pattern.Matches(item.Name)))
                .Select(pattern => TerminalText.Escape(pattern.Text)),
        ];
        if (silent.Length > 0)
            Messages.Write($"osprey: note: not enabled, and so not counted: {string.Join(", ", silent)}");

        return meant.Where(item => item.IsLogging).ToLookup(item => item.Name, item => item.Address);
    }

    /// <summary>Follows the rings until a time, the end or Ctrl-C.</summary>
    /// <returns>True at the end and after Ctrl-C.</returns>
    private bool Wait(RingCounts counts, Stopwatch watch, TimeSpan due, CancellationToken cancellation)
    {
        TimeSpan end = duration < due ? duration.Value : due;
        while (true)
        {
            counts.Read();
            TimeSpan left = end - watch.Elapsed;
            if (cancellation.IsCancellationRequested || left <= TimeSpan.Zero)
                return cancellation.IsCancellationRequested || watch.Elapsed >= duration;

            TimeSpan pause = counts.Fill > 0.05 ? TimeSpan.FromMilliseconds(1) : s_mostPause;
            cancellation.WaitHandle.WaitOne(left < pause ? left : pause);
        }
    }

    private static void Report(GuestRates last, GuestRates now)
    {
        if (now.LostBytes > last.LostBytes)
            Messages.Write(
                $"osprey: about {now.LostSamples - last.LostSamples} samples, exactly {now.LostBytes - last.LostBytes} "
                    + "bytes, were overwritten before they could be read: the figures are the least that was hit"
            );
    }
}
