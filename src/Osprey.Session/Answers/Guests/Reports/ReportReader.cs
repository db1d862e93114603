using System.Globalization;
using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests.Failures;
using Osprey.Session.Answers.Guests.Heap;
using Osprey.Session.Answers.Guests.Locks;
using Osprey.Session.Answers.Guests.Logs;
using Osprey.Session.Answers.Guests.Modules;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Programs;
using Osprey.Target;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Answers.Guests.Reports;

/// <summary>Reads the parts of a report; threads and their stacks are read once for all of them.</summary>
/// <remarks>
/// A new part is a line in <see cref="Read"/>: a name, a question, the columns of its answer, and the answer as lines.
/// </remarks>
internal sealed class ReportReader(GuestSession session, QuestionContext context)
{
    private const int MaxWaits = 5;
    private const int MaxLocks = 10;
    private const int MaxModules = 40;
    private const int LogLines = 10;
    private const int Samples = 10;

    private readonly Lazy<ThreadsAnswer> _threads = new(() => ThreadsAnswer.Ask(session, new ThreadQuery(), context));

    /// <summary>Reads all parts.</summary>
    public IReadOnlyList<ReportSection> Read() =>
        [
            Ask("guest", () => new GuestInfoAnswer(session), GuestInfoAnswer.Shape, Describe),
            Ask(FailureName, AskFailure, FailureAnswer.GetShape(session), Describe),
            Ask("threads", ReadThreads, ReportThreads.GetShape(session), Describe),
            AskAll("locks", () => LocksAnswer.Of(session, _threads.Value).Locks, LockRow.Shape, Describe),
            AskAll("memory", () => MemoryUseAnswer.Ask(session, context).Rows, MemoryUseRow.Shape, Describe),
            AskAll("modules", () => session.ListModules(context.Cancellation), ModuleShape.Shape, Describe),
            AskAll("samples", ReadSamples, ReportSample.Shape, samples => samples.Select(sample => sample.Line)),
            Ask("log", () => LogAnswer.Ask(session, LogLines), LogAnswer.Shape, log => log.Lines),
        ];

    private ReportSection Ask<T>(string name, Func<T> ask, Shape<T> shape, Func<T, IEnumerable<string>> describe) =>
        Try(
            name,
            () =>
            {
                T answer = ask();
                return new ReportSection(
                    name,
                    [.. describe(answer)],
                    null,
                    (writer, column) => shape.WriteRecord(answer, writer, column)
                );
            }
        );

    private ReportSection AskAll<T>(
        string name,
        Func<IReadOnlyList<T>> ask,
        Shape<T> shape,
        Func<IReadOnlyList<T>, IEnumerable<string>> describe
    ) =>
        Try(
            name,
            () =>
            {
                IReadOnlyList<T> rows = ask();
                return new ReportSection(
                    name,
                    [.. describe(rows)],
                    null,
                    (writer, column) =>
                    {
                        writer.BeginList(column);
                        foreach (T row in rows)
                            shape.WriteRecord(row, writer);

                        writer.EndList();
                    }
                );
            }
        );

    private ReportSection Try(string name, Func<ReportSection> read)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        try
        {
            return read();
        }
        catch (TargetException exception)
        {
            return new ReportSection(name, [], exception.Message, null);
        }
    }

    /// <summary>The system's own word for it: a kernel that kills programs does not abort, but panic.</summary>
    private string FailureName => session.Os is IGuestThreads { HasProcesses: true } ? "panic" : "abort";

    private FailureAnswer AskFailure() => FailureAnswer.Ask(session, FindThreads(), context);

    /// <summary>The threads; null when they can't be listed, which the part about them says.</summary>
    private ThreadsAnswer? FindThreads()
    {
        try
        {
            return _threads.Value;
        }
        catch (TargetException)
        {
            return null;
        }
    }

    private ReportThreads ReadThreads()
    {
        IReadOnlyList<ThreadRow> rows = _threads.Value.Threads;
        ThreadRow[] waits = [.. rows.Where(row => row.Wait is { Kind: var kind } && IsForOthers(kind))];
        return new ReportThreads(
            rows.Count,
            [
                .. rows.GroupBy(row => row.State.State)
                    .Select(group => (group.Key, group.Count()))
                    .OrderByDescending(pair => pair.Item2)
                    .ThenBy(pair => pair.Key, StringComparer.Ordinal),
            ],
            [.. waits.OrderBy(row => row.State.SwitchedAt ?? long.MaxValue).Take(MaxWaits)],
            waits.Length,
            _threads.Value.List.Time
        );
    }

    private IReadOnlyList<ReportSample> ReadSamples() => ReportSample.Read(session, Samples, context.Cancellation);

    private static bool IsForOthers(GuestWaitKind kind) =>
        kind
            is GuestWaitKind.Mutex
                or GuestWaitKind.ReadWriteLock
                or GuestWaitKind.Semaphore
                or GuestWaitKind.Join
                or GuestWaitKind.Memory;

    private static IEnumerable<string> Describe(GuestInfoAnswer info)
    {
        yield return info.Session.Description;
        yield return info.Session.Identity.Description;
        yield return info.Session.Programs.Kernel is { } kernel
            ? $"kernel {kernel.Path}: {kernel.Origin}"
            : "the kernel's file is not known: "
                + (info.Session.Programs.SymbolsOrigin is { } origin ? "symbols " + origin : "no symbols");
        yield return $"page tables: {info.Session.Selected.SpaceDescription}";
    }

    private static IEnumerable<string> Describe(FailureAnswer failure)
    {
        yield return failure.Sentence;
        foreach (FailureCpu cpu in failure.Cpus)
        {
            BacktraceRow? place = cpu.Rows.FirstOrDefault(row => !row.IsInlined);
            yield return cpu.Description + (place?.Function is { } function ? $", in {function}" : "");
        }

        foreach (BacktraceRow row in failure.Failed?.Rows ?? [])
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"  #{row.Number, -2} {row.Function ?? "??"}{(row.File is null ? "" : $" at {row.File}:{row.Line}")}"
            );

        foreach (string line in failure.Deadlocks.Concat(failure.HungInWords))
            yield return line;
    }

    private static IEnumerable<string> Describe(ReportThreads threads)
    {
        if (threads.Time is { } time)
            yield return string.Create(CultureInfo.InvariantCulture, $"up for {time / 1e9:0.000} s at least");

        yield return $"{threads.Count} threads: "
            + string.Join(", ", threads.States.Select(state => $"{state.Count} {state.State}"));
        foreach (ThreadRow row in threads.Waits)
        {
            string since =
                row.State.SwitchedAt is { } at && threads.Time - at is > 0 and var waited
                    ? string.Create(CultureInfo.InvariantCulture, $" for {waited / 1e9:0.000} s")
                    : "";
            yield return $"{row.State.Label} waits{since} for {row.Wait!.Description}";
        }

        if (threads.WaitCount > threads.Waits.Count)
            yield return $"and {threads.WaitCount - threads.Waits.Count} more that wait for locks or others "
                + "(osprey threads)";
    }

    private static IEnumerable<string> Describe(IReadOnlyList<LockRow> locks)
    {
        if (locks.Count == 0)
            yield return "no thread waits for a lock";

        foreach (LockRow row in locks.Take(MaxLocks))
        {
            string owner = row.Owner is { } thread
                ? $"held by {thread.State.Label}{(thread.Place is { } place ? $" in {place}" : "")}"
                : "held by nobody that is known";
            yield return string.Create(CultureInfo.InvariantCulture, $"{row.Kind} 0x{row.Address:x}")
                + $"{(row.CanBeHeld ? $", {owner}" : "")}, {row.Waiters.Count} waiting: "
                + row.WaitersInWords
                + (row.IsDeadlocked ? ": a deadlock" : "");
        }

        if (locks.Count > MaxLocks)
            yield return $"and {locks.Count - MaxLocks} more";
    }

    private static IEnumerable<string> Describe(IReadOnlyList<MemoryUseRow> parts) =>
        parts.Select(part => $"{part.Name} {SizeText.Format(part.Size)}: {part.Description}");

    private static IEnumerable<string> Describe(IReadOnlyList<ModuleFile> modules)
    {
        foreach (ModuleFile module in modules.Take(MaxModules))
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"0x{module.Loaded.Start:x} {module.Loaded.Path}: {module.Path ?? "no file of this host"}"
            );

        if (modules.Count > MaxModules)
            yield return $"and {modules.Count - MaxModules} more";
    }
}
