using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.Scheduling;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Scheduling;

/// <summary>A thread that a CPU of the guest runs or could run.</summary>
/// <param name="Cpu">The CPU, by the system's number.</param>
/// <param name="Place">"running", "queued" (it runs when its turn comes) or "waking" (another one woke it up).</param>
/// <param name="Position">Its position among those that are queued or waking, from 1; null for the one that
/// runs.</param>
/// <param name="Thread">The thread; null where the one that runs is not known.</param>
public sealed record RunQueueRow(int Cpu, string Place, int? Position, GuestThreadState? Thread)
{
    /// <summary>The columns.</summary>
    public static Shape<RunQueueRow> Shape { get; } =
        new Shape<RunQueueRow>("runQueues")
            .Integer("cpu", row => row.Cpu)
            .Text("place", row => row.Place)
            .Integer("position", row => row.Position)
            .OnlyInData()
            .Unsigned("id", row => row.Thread?.Id)
            .Address("address", row => row.Thread?.Address)
            .Text("name", row => row.Thread?.Name)
            .Number(
                "virtualRuntime",
                row => row.Thread?.VirtualRuntime is { } time && double.IsFinite(time) ? time : null
            )
            .OnlyInData()
            .Text("vruntime", row => row.Thread?.VirtualRuntime?.ToString("G6", CultureInfo.InvariantCulture))
            .OnlyInText()
            .Integer("realtimePriority", row => row.Thread?.RealtimePriority)
            .Headed("REALTIME")
            .Number("priority", row => row.Thread?.Priority is { } value && double.IsFinite(value) ? value : null)
            .OnlyInData();

    /// <summary>Lists them by CPU: the one that runs, those that are queued, those that wake up.</summary>
    /// <exception cref="TargetException">The system has no such ability, or its kernel is not known.</exception>
    public static GuestList<RunQueueRow> Ask(GuestSession session, QuestionContext context)
    {
        var scheduler = session.RequireAbility<IGuestScheduler>("its run queues can't be listed");
        GuestThreadList threads = session.ListThreads(context.Cancellation);
        GuestList<GuestRunQueue> queues = scheduler.ReadRunQueues(session.Kernel, threads, context.Cancellation);
        var rows = new List<RunQueueRow>();
        foreach (GuestRunQueue queue in queues.Items)
        {
            rows.Add(new RunQueueRow(queue.Cpu, "running", null, queue.Running));
            rows.AddRange(queue.Queued.Select((item, i) => new RunQueueRow(queue.Cpu, "queued", i + 1, item)));
            rows.AddRange(queue.Waking.Select((item, i) => new RunQueueRow(queue.Cpu, "waking", i + 1, item)));
        }

        return new GuestList<RunQueueRow>(rows, queues.Defects);
    }
}
