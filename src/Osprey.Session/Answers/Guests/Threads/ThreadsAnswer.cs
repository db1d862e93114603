using Osprey.Guests;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Answers.Guests.Threads;

/// <summary>The answer to: which threads has the guest, where is each, and what does it wait for?</summary>
/// <param name="Threads">The threads that were asked for.</param>
/// <param name="List">All threads.</param>
/// <param name="Defects">The reasons why threads or what they wait for may be missing, in words.</param>
public sealed record ThreadsAnswer(
    IReadOnlyList<ThreadRow> Threads,
    GuestThreadList List,
    IReadOnlyList<string> Defects
)
{
    /// <summary>Lists threads. A live guest is not paused: stacks are read as they are.</summary>
    /// <remarks>
    /// The states are of the moment at which the list was read, so that a CPU has one thread that runs. A thread that
    /// was in another state when its stack was looked at is as it was then, and has no place; nor has one whose vCPU
    /// was with another thread each time that its registers were read.
    /// </remarks>
    /// <param name="session">The guest.</param>
    /// <param name="query">The threads to list, and their order.</param>
    /// <param name="context">The wish to end early.</param>
    /// <exception cref="TargetException">The system has no such ability, or its kernel is not known.</exception>
    public static ThreadsAnswer Ask(GuestSession session, ThreadQuery query, QuestionContext context)
    {
        GuestThreadList list = session.ListThreads(context.Cancellation);
        var rows = new List<ThreadRow>();
        foreach (GuestThreadState thread in query.Choose(list.Threads))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (!query.WithPlaces)
            {
                rows.Add(new ThreadRow(thread, null, null));
                continue;
            }

            var look = SteadyLook<ThreadRow?>.Take(
                session,
                thread,
                current => Locate(session, list, current),
                (_, seen) => seen is not null
            );
            rows.Add(
                look.Seen is { } seen && look.Thread.State == thread.State
                    ? seen with
                    {
                        IsTorn = look.IsTorn,
                    }
                    : new ThreadRow(thread, null, null)
            );
        }

        if (query.WithGroups)
            rows = AddGroups(session, list, rows, context);

        return new ThreadsAnswer(
            query.AsTree ? ThreadTree.Order(rows) : rows,
            list,
            [.. list.Defects, .. DescribeTorn(rows)]
        )
        {
            HasRun =
                session.Target.Access == TargetAccess.Live
                    ? row => session.ThreadReader.HasRun(session.Kernel, row.State)
                    : null,
        };
    }

    private static List<ThreadRow> AddGroups(
        GuestSession session,
        GuestThreadList list,
        List<ThreadRow> rows,
        QuestionContext context
    )
    {
        const ulong FirstProcess = 1;
        IReadOnlyList<GuestMembership> read = session
            .RequireAbility<IGuestMembership>("its threads are in no groups or namespaces that are known here")
            .ReadMemberships(
                session.Kernel,
                [.. rows.Select(row => row.State), .. list.Threads.Where(thread => thread.Id == FirstProcess).Take(1)],
                context.Cancellation
            );
        GuestMembership? first = read.Count > rows.Count ? read[^1] : null;
        return
        [
            .. rows.Zip(read).Select(pair => pair.First with { Membership = pair.Second, FirstMembership = first }),
        ];
    }

    /// <summary>Tells whether a thread of a guest that runs did so since it was read.</summary>
    internal Func<ThreadRow, bool>? HasRun { get; private init; }

    /// <summary>Says which threads could not be looked at while they did not run.</summary>
    internal static IEnumerable<string> DescribeTorn(IEnumerable<ThreadRow> rows)
    {
        string torn = string.Join(", ", rows.Where(row => row.IsTorn).Select(row => row.State.Label));
        if (torn.Length > 0)
            yield return $"these threads ran each time that their stacks were read: {torn}";
    }

    private static bool IsLiveWithProcesses(GuestSession session) =>
        session.Target.Access == TargetAccess.Live && session.ThreadReader.HasProcesses;

    /// <summary>Looks where a thread is; null when a vCPU runs it whose registers are another thread's.</summary>
    private static ThreadRow? Locate(GuestSession session, GuestThreadList list, GuestThreadState thread)
    {
        if ((thread.Saved ?? session.FindVcpu(thread)?.TryReadRegisters()) is not { } registers)
        {
            bool isElsewhere = thread.IsRunning && session.Vcpu.TryReadRegisters() is not null;
            return isElsewhere ? null : new ThreadRow(thread, null, null);
        }

        GuestKernel kernel = session.Kernel;
        IGuestThreads reader = session.ThreadReader;
        Backtrace stack = kernel.Unwind(registers);
        if (thread.IsRunning && IsLiveWithProcesses(session) && !OwnStack.Has(thread, stack))
            return null;

        IReadOnlyList<BacktraceRow> frames = kernel.Name(stack);
        return new ThreadRow(
            thread,
            frames.FirstOrDefault(frame => !reader.IsWaiting(frame))
                ?? frames.LastOrDefault(frame => frame.Function is not null),
            reader.FindWait(kernel, list, thread, stack, frames)
        );
    }
}
