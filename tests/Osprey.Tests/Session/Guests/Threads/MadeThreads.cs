using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Target.Unwinding;

namespace Osprey.Tests.Session.Guests.Threads;

/// <summary>Threads of a guest that does not exist, to show and to follow.</summary>
internal static class MadeThreads
{
    /// <summary>
    /// Two that wait for each other, one for them, one that runs, one that could, one that never ran.
    /// </summary>
    public static IReadOnlyList<ThreadRow> All { get; } =
    [
        Make(1, "idle0", "running", 0) with
        {
            Where = Frame("sched::cpu::do_idle()", "core/sched.cc", 494),
        },
        WaitFor(Make(7, "a", "waiting", 0), 0x6010, 8, "first_then_second(int)"),
        WaitFor(Make(8, "b", "waiting", 1), 0x6000, 7, "second_then_first(int)"),
        WaitFor(Make(9, "c", "waiting", 1), 0x6010, 8, "third()"),
        Make(10, "ready", "queued", 1) with
        {
            Wait = new GuestWait(GuestWaitKind.Cpu, "a CPU: it is ready on CPU 1"),
        },
        new(new GuestThreadState(11, 0x4b00, "", "unstarted"), null, null),
    ];

    private static ThreadRow Make(ulong id, string name, string state, int cpu) =>
        new(
            new GuestThreadState(id, 0x4000 + (id << 8), name, state)
            {
                Cpu = cpu,
                IsRunning = state == "running",
                IsWaiting = state == "waiting",
                VirtualRuntime = id == 1 ? double.PositiveInfinity : id / 8.0,
                CpuTime = (long)id * 1_000_000,
                SwitchedAt = (long)id * 1_000_000_000,
                Timers = [new GuestTimer(12_000_000_000, false)],
            },
            null,
            null
        );

    private static ThreadRow WaitFor(ThreadRow row, ulong mutex, ulong owner, string function) =>
        row with
        {
            Where = Frame(function, "app.cc", 20),
            Wait = new GuestWait(GuestWaitKind.Mutex, $"mutex 0x{mutex:x}, held by thread {owner}")
            {
                Object = mutex,
                Owner = owner,
            },
        };

    private static BacktraceRow Frame(string function, string file, int line) =>
        new(0, 0, 0, 0x1234, function, false, "/src/" + file, line, null, 0, default);
}
