using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.Threads;
using Osprey.Guests.Timers;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Timers;

/// <summary>A timer of one of the guest's CPUs, with names.</summary>
/// <param name="Timer">The timer.</param>
/// <param name="Function">The name of its function; its address where there is none.</param>
/// <param name="Thread">The thread that it wakes up; null for none.</param>
/// <param name="Work">The name of the function that a worker calls then; null for none.</param>
public sealed record KernelTimerRow(GuestKernelTimer Timer, string Function, GuestThreadState? Thread, string? Work)
{
    /// <summary>The columns.</summary>
    public static Shape<KernelTimerRow> Shape { get; } =
        new Shape<KernelTimerRow>("timers")
            .Integer("cpu", row => row.Timer.Cpu)
            .Text("kind", row => row.Timer.Kind)
            .Text("clock", row => row.Timer.Clock)
            .OnlyInData()
            .Address("address", row => row.Timer.Address)
            .Time("time", row => row.Timer.Time is >= 0 and var time ? (ulong)time : null)
            .Number("remaining", row => row.Timer.Remaining)
            .OnlyInData()
            .Text("in", row => (row.Timer.Remaining / 1e9)?.ToString("0.000", CultureInfo.InvariantCulture))
            .Headed("IN (S)")
            .OnlyInText()
            .Text("function", row => row.Function)
            .Text("for", row => row.Thread?.Label ?? row.Work)
            .OnlyInText()
            .Unsigned("thread", row => row.Thread?.Id)
            .OnlyInData()
            .Text("work", row => row.Work)
            .OnlyInData();

    /// <summary>Lists the timers by CPU, the soonest first. A live guest is not paused.</summary>
    /// <exception cref="TargetException">The system has no such ability, or its kernel is not known.</exception>
    public static GuestList<KernelTimerRow> Ask(GuestSession session, QuestionContext context)
    {
        var os = session.RequireAbility<IGuestKernelTimers>("its CPUs' timers can't be listed");
        GuestList<GuestKernelTimer> timers = os.ReadTimers(session.Kernel, context.Cancellation);
        ILookup<ulong, GuestThreadState> threads = session
            .ListThreads(context.Cancellation)
            .Threads.ToLookup(thread => thread.Address);
        return new GuestList<KernelTimerRow>(
            [
                .. timers.Items.Select(timer => new KernelTimerRow(
                    timer,
                    Name(session, timer.Function),
                    timer.Thread is { } task ? threads[task].FirstOrDefault() : null,
                    timer.Work is { } work ? Name(session, work) : null
                )),
            ],
            timers.Defects
        );
    }

    private static string Name(GuestSession session, ulong address) =>
        session.NameAddress(address) ?? string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
}
