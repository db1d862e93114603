using System.Globalization;
using Osprey.Guests.Failures;
using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests.Locks;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Answers.Guests.Failures;

/// <summary>The answer to: is the guest dead, does it hang, or does it run?</summary>
/// <param name="Verdict">Its condition.</param>
/// <param name="Message">The kernel's last words; null when it did not give up, or they are not known.</param>
/// <param name="QemuState">QEMU's word for what the guest does; null when QEMU can't be asked.</param>
/// <param name="Cpus">Its vCPUs.</param>
/// <param name="Deadlocks">Each circle of threads that wait for each other, in words.</param>
/// <param name="Defects">The reasons why some of it may be missing, in words.</param>
public sealed record FailureAnswer(
    GuestVerdict Verdict,
    string? Message,
    string? QemuState,
    IReadOnlyList<FailureCpu> Cpus,
    IReadOnlyList<string> Deadlocks,
    IReadOnlyList<string> Defects
)
{
    private const int RealModeBits = 16;
    private const long NanosecondsInTick = TimeSpan.NanosecondsPerTick;
    private static readonly TimeSpan s_starvation = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_watch = TimeSpan.FromMilliseconds(300);

    /// <summary>The columns.</summary>
    public static Shape<FailureAnswer> Shape { get; } =
        new Shape<FailureAnswer>("abort")
            .Text("verdict", answer => answer.Verdict.ToString().ToLowerInvariant())
            .Text("sentence", answer => answer.Sentence)
            .Text("message", answer => answer.Message)
            .Text("qemuState", answer => answer.QemuState)
            .Integer("cpu", answer => answer.Failed?.Cpu)
            .Unsigned("thread", answer => answer.Failed?.Thread?.Id)
            .Records("cpus", answer => answer.Cpus, () => FailureCpu.Shape)
            .Texts("deadlocks", answer => answer.Deadlocks)
            .Texts("defects", answer => answer.Defects);

    /// <summary>The columns for a system whose kernel writes a report, and watches for hung threads.</summary>
    public static Shape<FailureAnswer> ReportShape { get; } =
        new Shape<FailureAnswer>("panic")
            .Include(answer => answer, Shape)
            .Texts("report", answer => answer.Report)
            .Records("hung", answer => answer.Hung, () => TaskShape.Shape)
            .Records("starved", answer => answer.Starved, () => TaskShape.Shape);

    /// <summary>The columns for a guest.</summary>
    public static Shape<FailureAnswer> GetShape(GuestSession session) =>
        session.Os is IGuestThreads { HasProcesses: true } ? ReportShape : Shape;

    /// <summary>The lines that the kernel wrote about its failure, the first line first.</summary>
    public IReadOnlyList<string> Report { get; init; } = [];

    /// <summary>The threads that the system takes for hung, the one that has waited longest first.</summary>
    public IReadOnlyList<ThreadRow> Hung { get; init; } = [];

    /// <summary>
    /// The threads that could run and have not for longer than the kernel's own watch for such (the soft lockup
    /// detector, 20 seconds) allows, the one that has waited longest first.
    /// </summary>
    public IReadOnlyList<ThreadRow> Starved { get; init; } = [];

    /// <summary>The guest's time in nanoseconds since boot; null when it is not known.</summary>
    public long? Time { get; init; }

    private (string Verb, string Past) Words { get; init; } = ("abort", "aborted");

    /// <summary>The hung threads in words, one a line, and those that get no CPU.</summary>
    public IEnumerable<string> HungInWords =>
        Hung.Select(row =>
                Describe("hung", row)
                + (row.Wait is { } wait ? $", waits for {wait.Description}" : "")
                + (row.Place is { } place ? $", in {place}" : "")
            )
            .Concat(
                Starved.Select(row =>
                    Describe("starved", row)
                    + string.Create(CultureInfo.InvariantCulture, $", waits for CPU {row.State.Cpu}")
                )
            );

    private string Describe(string word, ThreadRow row) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{word}: thread {row.State.Label} for {(Time - row.State.SwitchedAt) / 1e9:0} s"
        );

    /// <summary>The vCPU that made the kernel give up; null when there is none, or it can't be told.</summary>
    public FailureCpu? Failed => Cpus.FirstOrDefault(cpu => cpu.Activity == GuestCpuActivity.Fails);

    /// <summary>The answer in words.</summary>
    public string Sentence
    {
        get
        {
            string who = Failed is { } failed
                ? $" on vCPU {failed.Cpu}" + (failed.Thread is { } thread ? $" in thread {thread.Label}" : "")
                : "";
            return Verdict switch
            {
                GuestVerdict.Aborted => $"the guest {Words.Past}{who}" + (Message is null ? "" : $": {Message}"),
                GuestVerdict.Halted =>
                    $"the guest halted: all of its CPUs stopped for ever, without {Article} {Words.Verb}",
                GuestVerdict.Hangs =>
                    "the guest hangs: threads are ready to run, and no CPU has changed threads for a while",
                GuestVerdict.Deadlocked => $"{Condition}, but some of its threads wait for each other for ever",
                GuestVerdict.Oopsed => $"{Condition}, but its kernel met an error before, and went on"
                    + (Message is null ? "" : $": {Message}"),
                GuestVerdict.Paused => $"the guest did not {Words.Verb}; QEMU keeps it still ({QemuState ?? "paused"})",
                _ => $"the guest did not {Words.Verb}" + (QemuState is null ? "" : ", it runs"),
            };
        }
    }

    private string Article => "aeiou".Contains(Words.Verb[0], StringComparison.Ordinal) ? "an" : "a";

    /// <summary>The condition of the whole guest: only QEMU knows whether it runs.</summary>
    private string Condition =>
        QemuState switch
        {
            null => $"the guest did not {Words.Verb}",
            "running" => "the guest runs",
            _ => $"the guest did not {Words.Verb} and QEMU keeps it still ({QemuState})",
        };

    /// <summary>Looks for a failure. A live guest is not paused.</summary>
    /// <exception cref="TargetException">
    /// The system does not show whether it failed, or its kernel is not known.
    /// </exception>
    public static FailureAnswer Ask(GuestSession session, QuestionContext context) => Ask(session, null, context);

    /// <summary>Looks for a failure.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="known">All threads, with their places; null to list them.</param>
    /// <param name="context">The wish to end early.</param>
    internal static FailureAnswer Ask(GuestSession session, ThreadsAnswer? known, QuestionContext context)
    {
        var os = session.RequireAbility<IGuestFailure>("whether it failed can't be told");
        GuestFailure? failure = os.ReadFailure(session.Kernel);
        string? state = session.Target.Qemu?.AskRunState();
        var defects = new List<string>();
        ThreadsAnswer? threads = known ?? ListThreads(session, defects, context);
        List<FailureCpu> cpus = ReadCpus(session, os, threads, defects);
        IReadOnlyList<string> deadlocks = threads is null ? [] : LocksAnswer.Of(session, threads).Deadlocks;
        GuestVerdict verdict =
            failure is { IsFatal: true } ? GuestVerdict.Aborted
            : HaveStopped(cpus) ? GuestVerdict.Halted
            : session.Target.Access == TargetAccess.Live && Hangs(session, threads, context) ? GuestVerdict.Hangs
            : deadlocks.Count > 0 ? GuestVerdict.Deadlocked
            : failure is not null ? GuestVerdict.Oopsed
            : session.Target.Access == TargetAccess.Paused && state is not null ? GuestVerdict.Paused
            : GuestVerdict.Runs;
        return new FailureAnswer(verdict, failure?.Message, state, cpus, deadlocks, defects)
        {
            Report = failure?.Report ?? [],
            Hung = threads is null ? [] : FindHung(session, os, threads),
            Starved = threads is null ? [] : FindStarved(threads),
            Time = threads?.List.Time,
            Words = os.FailureWords,
        };
    }

    private static bool HaveStopped(List<FailureCpu> cpus)
    {
        cpus = [.. cpus.Where(cpu => cpu.Activity != GuestCpuActivity.IsNotStarted)];
        return cpus.Count > 0 && cpus.All(cpu => cpu.Activity is GuestCpuActivity.Halts or GuestCpuActivity.IsStopped);
    }

    private static List<ThreadRow> FindHung(GuestSession session, IGuestFailure os, ThreadsAnswer threads)
    {
        HashSet<ulong> hung = [.. os.FindHung(session.Kernel, threads.List).Select(thread => thread.Address)];
        return
        [
            .. threads
                .Threads.Where(row => hung.Contains(row.State.Address))
                .OrderBy(row => row.State.SwitchedAt ?? long.MaxValue),
        ];
    }

    /// <summary>Idle threads, which have the number 0, run when no other one can.</summary>
    private static List<ThreadRow> FindStarved(ThreadsAnswer threads) =>
        [
            .. threads
                .Threads.Where(row =>
                    row.State is { StateLetter: 'R', IsRunning: false, Id: > 0, SwitchedAt: { } since }
                    && threads.List.Time - since > s_starvation.Ticks * NanosecondsInTick
                )
                .OrderBy(row => row.State.SwitchedAt),
        ];

    private static ThreadsAnswer? ListThreads(GuestSession session, List<string> defects, QuestionContext context)
    {
        try
        {
            ThreadsAnswer threads = ThreadsAnswer.Ask(session, new ThreadQuery(), context);
            defects.AddRange(threads.List.Defects);
            return threads;
        }
        catch (TargetException exception)
        {
            defects.Add($"the threads are not known: {exception.Message}");
            return null;
        }
    }

    private static List<FailureCpu> ReadCpus(
        GuestSession session,
        IGuestFailure os,
        ThreadsAnswer? threads,
        List<string> defects
    )
    {
        var cpus = new List<FailureCpu>();
        IReadOnlyList<CpuStack> stacks;
        try
        {
            stacks = new GuestStacks(session).Read(
                [.. Enumerable.Range(0, session.Target.CpuCount)],
                UnwinderOptions.Default,
                pauses: false
            );
        }
        catch (TargetException exception)
        {
            defects.Add($"what the vCPUs do is not known: {exception.Message}");
            return cpus;
        }

        foreach (CpuStack stack in stacks)
        {
            IReadOnlyList<BacktraceRow> rows = session.Kernel.Name(stack.Backtrace);
            // Firmware or the kernel's first steps of this CPU alone are in real mode.
            GuestCpuActivity activity =
                X64CodeMode.FromRegisters(stack.Registers).Bits == RealModeBits
                    ? GuestCpuActivity.IsNotStarted
                    : os.FindActivity(rows);
            GuestThreadState? thread = FindThread(session, threads, stack.Registers);
            bool isCurrent = session.Os is IGuestThreads { HasProcesses: true }
                ? session.Target.Access != TargetAccess.Live || thread is null || OwnStack.Has(thread, stack.Backtrace)
                : activity is not (GuestCpuActivity.Runs or GuestCpuActivity.Idles)
                    || IsOnStackOf(thread, stack.Registers);
            cpus.Add(new FailureCpu(stack.Cpu ?? 0, activity, isCurrent ? thread : null, rows, stack.Backtrace));
        }

        return cpus;
    }

    private static GuestThreadState? FindThread(GuestSession session, ThreadsAnswer? threads, RegisterSet registers) =>
        session.Os is IGuestThreads { HasProcesses: true }
            ? threads?.List.Threads.FirstOrDefault(thread => thread.IsRunning && session.IsOn(thread, registers))
        : session.Os.FindThreadPointer(registers, session.Kernel.Values.Memory, session.Programs.Kernel?.Types)
            is { } pointer
            ? threads?.List.Threads.FirstOrDefault(thread => thread.ThreadPointer == pointer)
        : null;

    /// <summary>
    /// A CPU that runs may have changed threads since its registers were read. One that stopped stands on a stack for
    /// such cases, and can't have.
    /// </summary>
    private static bool IsOnStackOf(GuestThreadState? thread, RegisterSet registers) =>
        thread is { StackStart: { } start, StackSize: { } size }
        && registers.StackPointer is { } pointer
        && unchecked(pointer - start) <= size;

    /// <summary>Watches the CPUs for a moment where threads are ready: some of them must be switched to.</summary>
    private static bool Hangs(GuestSession session, ThreadsAnswer? threads, QuestionContext context)
    {
        if (threads is null || !threads.List.Threads.Any(IsReady))
            return false;

        context.Cancellation.WaitHandle.WaitOne(s_watch);
        context.Cancellation.ThrowIfCancellationRequested();
        session.Target.Refresh();
        IReadOnlyList<GuestThreadState> later = session.ListThreads(context.Cancellation).Threads;
        return later.Any(IsReady) && Count(later) == Count(threads.List.Threads);

        static ulong Count(IEnumerable<GuestThreadState> list) =>
            list.Aggregate(0UL, (sum, thread) => unchecked(sum + (thread.Switches ?? 0)));
        static bool IsReady(GuestThreadState thread) => thread.State is "queued" or "waking" or "runnable";
    }
}
