using System.Globalization;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Answers.Guests.Threads;

/// <summary>A thread of a guest, where it is and what it waits for.</summary>
/// <param name="State">The thread as the system keeps it.</param>
/// <param name="Where">The innermost frame that is not of the scheduler or a lock; null when not known.</param>
/// <param name="Wait">What it waits for; null when it runs, or it can't be told.</param>
public sealed record ThreadRow(GuestThreadState State, BacktraceRow? Where, GuestWait? Wait)
{
    private static readonly Shape<GuestTimer> s_timer = new Shape<GuestTimer>("timers")
        .Time("time", timer => (ulong)Math.Max(timer.Time, 0))
        .Boolean("expired", timer => timer.IsExpired);

    /// <summary>The columns.</summary>
    public static Shape<ThreadRow> Shape { get; } = MakeShape();

    /// <summary>The columns, in text with each thread's timers.</summary>
    public static Shape<ThreadRow> ShapeWithTimers { get; } =
        MakeShape().Text("timers", row => row.TimersText).OnlyInText();

    /// <summary>The columns for a guest: those of tasks where threads belong to processes.</summary>
    public static Shape<ThreadRow> GetShape(GuestSession session) =>
        session.Os is IGuestThreads { HasProcesses: true } ? TaskShape.Shape : Shape;

    private static Shape<ThreadRow> MakeShape() =>
        new Shape<ThreadRow>("threads")
            .Unsigned("id", row => row.State.Id)
            .Address("address", row => row.State.Address)
            .Text("name", row => row.State.Name)
            .Integer("cpu", row => row.State.Cpu)
            .Text("state", row => row.State.State)
            .Boolean("running", row => row.State.IsRunning)
            .OnlyInData()
            .Number("priority", row => Finite(row.State.Priority))
            .OnlyInData()
            .Integer("realtimePriority", row => row.State.RealtimePriority)
            .OnlyInData()
            .Number("virtualRuntime", row => Finite(row.State.VirtualRuntime))
            .OnlyInData()
            .Text("vruntime", row => row.State.VirtualRuntime?.ToString("G6", CultureInfo.InvariantCulture))
            .OnlyInText()
            .Duration("cpuTime", row => row.State.CpuTime)
            .Time("switchedAt", row => (ulong?)row.State.SwitchedAt)
            .Headed("SINCE (S)")
            .Unsigned("switches", row => row.State.Switches)
            .OnlyInData()
            .Unsigned("preemptions", row => row.State.Preemptions)
            .OnlyInData()
            .Unsigned("migrations", row => row.State.Migrations)
            .OnlyInData()
            .Address("stackStart", row => row.State.StackStart)
            .OnlyInData()
            .Size("stackSize", row => row.State.StackSize)
            .OnlyInData()
            .Unsigned("parentId", row => row.State.ParentId)
            .OnlyInData()
            .Address("joiner", row => row.State.Joiner)
            .OnlyInData()
            .Records("timers", row => row.State.Timers, () => s_timer)
            .OnlyInData()
            .Text("where", row => row.Place)
            .OnlyInText()
            .Text("function", row => row.Where?.Function)
            .OnlyInData()
            .Text("file", row => row.Where?.File)
            .OnlyInData()
            .Integer("line", row => row.Where?.Line)
            .OnlyInData()
            .Text("waitsFor", row => row.Wait?.Description)
            .Text("waitKind", row => row.WaitWord)
            .OnlyInData()
            .Address("waitObject", row => row.Wait?.Object)
            .OnlyInData()
            .Unsigned("waitOwner", row => row.Wait?.Owner)
            .OnlyInData()
            .Boolean("torn", row => row.IsTorn)
            .OnlyInData();

    /// <summary>
    /// True when it ran each time that its stack was read, so that what is said of that may be wrong.
    /// </summary>
    public bool IsTorn { get; init; }

    /// <summary>Its control group and namespaces; null when they were not asked for.</summary>
    public GuestMembership? Membership { get; init; }

    /// <summary>The same of the guest's first process, to tell what is a thread's own; null when not known.</summary>
    public GuestMembership? FirstMembership { get; init; }

    /// <summary>The namespaces that are not those of the guest's first process, in words; null when all are.</summary>
    internal string? OwnNamespaces =>
        Membership is { } own
        && own.Namespaces.Except(FirstMembership?.Namespaces ?? []).ToList() is { Count: > 0 } others
            ? string.Join(
                ' ',
                others.Select(space => string.Create(CultureInfo.InvariantCulture, $"{space.Kind}:{space.Number}"))
            )
            : null;

    /// <summary>Steps from the root of a tree of processes; 0 in a plain list.</summary>
    public int Depth { get; init; }

    /// <summary>The kind of thing that it waits for, as one word; null when it is not known.</summary>
    internal string? WaitWord => Wait is { } wait ? ToWord(wait.Kind) : null;

    /// <summary>The place as one text; null when not known.</summary>
    public string? Place =>
        Where is not { } frame ? null
        : frame.Function is null ? string.Create(CultureInfo.InvariantCulture, $"0x{frame.Address:x}")
        : frame.File is null ? frame.Function
        : $"{frame.Function ?? "??"} ({Path.GetFileName(frame.File)}:{frame.Line})";

    /// <summary>
    /// The times of the timers, in seconds since boot, the soonest first; those that expired have an asterisk. Null
    /// when there are none.
    /// </summary>
    public string? TimersText =>
        State.Timers.Count == 0
            ? null
            : string.Join(
                ' ',
                State.Timers.Select(timer =>
                    string.Create(CultureInfo.InvariantCulture, $"{timer.Time / 1e9:F9}{(timer.IsExpired ? "*" : "")}")
                )
            );

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static string ToWord(GuestWaitKind kind)
    {
        string name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
