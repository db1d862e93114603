using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Osprey.Guests;
using Osprey.Guests.Devices;
using Osprey.Guests.FileSystems;
using Osprey.Guests.Modules;
using Osprey.Guests.Osv.Devices;
using Osprey.Guests.Osv.FileSystems;
using Osprey.Guests.Osv.Modules;
using Osprey.Guests.Osv.Scheduling;
using Osprey.Guests.Osv.ThreadLocals;
using Osprey.Guests.Osv.Threads;
using Osprey.Guests.Osv.Tracepoints;
using Osprey.Guests.PerCpu;
using Osprey.Guests.Scheduling;
using Osprey.Guests.ThreadLocals;
using Osprey.Guests.Threads;
using Osprey.Guests.Timers;
using Osprey.Guests.Tracepoints;
using Osprey.Session.Traces.Rings;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Osv.Threads;
using Osprey.Traces.Model;
using Osprey.Values.Printing;

namespace Osprey.Tests.Guests.Osv.Scheduling;

/// <summary>All that is read of a program like OSv's scheduler and devices, as text.</summary>
internal static partial class SchedulingText
{
    /// <summary>All of it; addresses that the program told have their names.</summary>
    public static string Of(OsvLikeKernel like)
    {
        var names = new Dictionary<ulong, string>();
        foreach ((string name, ulong address) in like.Addresses)
            names[address] = char.IsDigit(name[0]) ? $"thread {name}" : name;

        return AnAddress()
            .Replace(
                ALambda().Replace(Of(like.Kernel), " in a lambda"), // compilers name them differently
                match =>
                {
                    ulong address = ulong.Parse(
                        match.ValueSpan[2..],
                        NumberStyles.HexNumber,
                        CultureInfo.InvariantCulture
                    );
                    return names.TryGetValue(address, out string? name) ? $"<{name}>"
                        : address > 0x10000000 && address >> 40 != 1 ? "<...>"
                        : match.Value;
                }
            );
    }

    /// <summary>All of it, with addresses as they are.</summary>
    public static string Of(GuestKernel kernel)
    {
        var text = new StringBuilder();
        GuestThreadList threads = OsvThreads.Read(kernel, default);
        Waits(kernel, threads, text);
        RunQueues(kernel, threads, text);
        PerCpu(kernel, text);
        Lists(kernel, text);
        Devices(kernel, text);
        ThreadLocals(kernel, threads, text);
        return text.ToString();
    }

    private static void Waits(GuestKernel kernel, GuestThreadList threads, StringBuilder text)
    {
        text.Append("waits\n");
        var waits = new OsvWaits(kernel, threads);
        foreach (
            GuestThreadState thread in threads.Threads.Where(thread => thread.IsWaiting && thread.Saved is not null)
        )
        {
            Backtrace stack = kernel.Unwind(thread.Saved!);
            GuestWait? wait = waits.Find(thread, stack, kernel.Name(stack));
            text.Append($"  {thread.Id} {thread.Name}: {wait?.Kind} {wait?.Description} -> {wait?.Owner}\n");
        }

        Defects(threads.Defects, text);
    }

    private static void RunQueues(GuestKernel kernel, GuestThreadList threads, StringBuilder text)
    {
        text.Append("run queues\n");
        GuestList<GuestRunQueue> queues = OsvRunQueues.Read(kernel, threads, default);
        foreach (GuestRunQueue queue in queues.Items)
        {
            text.Append($"  CPU {queue.Cpu} runs {queue.Running?.Name}\n");
            foreach (GuestThreadState thread in queue.Queued)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"    queued {thread.Id} {thread.Name} {thread.VirtualRuntime} {thread.RealtimePriority}\n"
                );

            foreach (GuestThreadState thread in queue.Waking)
                text.Append($"    waking {thread.Id} {thread.Name}\n");
        }

        Defects(queues.Defects, text);
        GuestList<GuestMemoryWaiter> waiters = OsvMemoryWaiters.Read(kernel, default);
        foreach (GuestMemoryWaiter waiter in waiters.Items)
            text.Append($"  0x{waiter.Thread:x} waits for {waiter.Size} bytes\n");

        Defects(waiters.Defects, text);
    }

    private static void PerCpu(GuestKernel kernel, StringBuilder text)
    {
        text.Append("per CPU\n");
        foreach (string name in (string[])["percpu_counts", "dynamic_count"])
        {
            GuestList<GuestCpuValue> values = OsvPerCpu.Read(kernel, kernel.GetVariable(name), default);
            foreach (GuestCpuValue value in values.Items)
                text.Append($"  {name} of CPU {value.Cpu}: {ValueText.Format(value.Value)}\n");

            Defects(values.Defects, text);
        }
    }

    private static void Lists(GuestKernel kernel, StringBuilder text)
    {
        text.Append("callouts\n");
        GuestList<GuestCallout> callouts = OsvCallouts.Read(kernel, default);
        foreach (GuestCallout callout in callouts.Items)
        {
            string? function = kernel.Values.Names?.Find(callout.Function)?.ToString();
            text.Append(
                $"  0x{callout.Address:x} {function}(0x{callout.Argument:x}) at {callout.Time} 0x{callout.Flags:x}"
            );
            text.Append($" {callout.IsActive} {callout.IsPending} {callout.IsCompleted}\n");
        }

        Defects(callouts.Defects, text);
        text.Append("tracepoints\n");
        GuestList<GuestTracepoint> points = OsvTracepoints.List(kernel, default);
        var counts = new RingCounts(
            new GuestRings(() => OsvTraceRings.Read(kernel, default), kernel.Values.Memory.Read, startsAtNewest: false)
        );
        IReadOnlyList<string> strange = counts.ReadOnce(default);
        foreach (GuestTracepoint point in points.Items.OrderBy(point => point.Name, StringComparer.Ordinal))
        {
            text.Append($"  {point.Name} '{point.Format}' '{point.Signature}' {point.IsLogging} {point.WithBacktrace}");
            text.Append($" {point.IsActive} {counts.CountOf(point.Address)}\n");
        }

        Defects([.. points.Defects, .. strange], text);
        Rings(kernel, text);
    }

    private static void Rings(GuestKernel kernel, StringBuilder text)
    {
        text.Append("rings\n");
        GuestTraceRings found = OsvTraceRings.Read(kernel, default);
        foreach (GuestTraceRing ring in found.Rings.Items)
            text.Append($"  {ring.Cpu} {ring.HeaderSize} {ring.LastOffset} {ring.Base != 0} {ring.Size}\n");

        Defects(found.Rings.Defects, text);
        var rings = new GuestRings(() => found, kernel.Values.Memory.Read, startsAtNewest: false);
        new LiveSamples(rings).Finish(
            (in TraceEvent sample) =>
                text.Append(
                    $"    {rings.Tracepoints[sample.Tracepoint].Name} {sample.Payload.Length} {sample.HasBacktrace}\n"
                ),
            _ => text.Append("    lost\n")
        );
    }

    private static void Devices(GuestKernel kernel, StringBuilder text)
    {
        text.Append("devices\n");
        GuestList<GuestDevice> devices = OsvVirtio.Read(kernel, default);
        foreach (GuestDevice device in devices.Items)
        {
            text.Append($"  {device.Name} 0x{device.Address:x} features {device.Features:x} {device.UsesEvents}\n");
            foreach (GuestDeviceQueue queue in device.Queues)
            {
                text.Append($"    {queue.Number}: {queue.Size} {queue.AvailableIndex} {queue.UsedIndex}");
                text.Append($" in flight {queue.InFlight} to take {queue.ToTake} free {queue.Free}");
                text.Append($" events {queue.AvailableEvent} {queue.UsedEvent}");
                text.Append($" quiet {queue.DeviceIsQuiet} {queue.DriverIsQuiet}\n");
            }
        }

        Defects(devices.Defects, text);
        text.Append("ZFS\n");
        GuestList<GuestStatistic> statistics = OsvZfs.Read(kernel, default);
        foreach (GuestStatistic row in statistics.Items)
        {
            text.Append($"  {row.Section}: {row.Name} = {row.Value}{(row.IsSize ? " bytes" : "")}");
            text.Append(
                row.Whole is null
                    ? "\n"
                    : string.Create(CultureInfo.InvariantCulture, $", {row.Share:F2} % of {row.Whole}\n")
            );
        }

        Defects(statistics.Defects, text);
    }

    private static void ThreadLocals(GuestKernel kernel, GuestThreadList threads, StringBuilder text)
    {
        text.Append("thread-locals\n");
        var finder = new OsvThreadLocals(kernel);
        foreach (GuestObject loaded in OsvModules.Read(kernel, default).Items)
        {
            foreach (GuestThreadState thread in threads.Threads.Where(thread => thread.Id < 5))
            {
                GuestThreadLocals? block = finder.Find(loaded, thread.ThreadPointer ?? 0);
                string own = block?.Start is { } start ? $"0x{start:x}" : "not made";
                text.Append(
                    $"  {loaded.Path} in {thread.Name}: "
                        + (
                            block is null
                                ? "none\n"
                                : $"{own}, {block.Size}, 0x{block.Template:x} {block.TemplateSize}\n"
                        )
                );
            }
        }
    }

    private static void Defects(IReadOnlyList<string> defects, StringBuilder text)
    {
        foreach (string defect in defects)
            text.Append($"  ! {defect}\n");
    }

    [GeneratedRegex(@" in \S*operator\(\)")]
    private static partial Regex ALambda();

    [GeneratedRegex("0x[0-9a-f]+")]
    private static partial Regex AnAddress();
}
