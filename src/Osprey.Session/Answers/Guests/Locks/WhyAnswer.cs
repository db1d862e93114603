using System.Globalization;
using System.Text;
using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Locks;

/// <summary>The answer to: why does this thread not run?</summary>
/// <param name="Chain">The thread, and each that the one before waits for.</param>
/// <param name="IsDeadlock">True when the last one of the chain waits for one that is in it already.</param>
/// <param name="Sentence">The answer in words.</param>
/// <param name="Defects">The reasons why it may be wrong or say too little, in words.</param>
public sealed record WhyAnswer(
    IReadOnlyList<ThreadRow> Chain,
    bool IsDeadlock,
    string Sentence,
    IReadOnlyList<string> Defects
)
{
    private const int MaxLooks = 5;

    /// <summary>The columns for a guest.</summary>
    public static Shape<WhyAnswer> GetShape(GuestSession session) =>
        new Shape<WhyAnswer>("why")
            .Text("sentence", answer => answer.Sentence)
            .Boolean("deadlock", answer => answer.IsDeadlock)
            .Records("chain", answer => answer.Chain, () => ThreadRow.GetShape(session));

    /// <summary>Follows a thread to what it waits for in the end. A live guest is not paused.</summary>
    /// <exception cref="TargetException">There is no such thread, or threads can't be listed.</exception>
    public static WhyAnswer Ask(GuestSession session, string thread, QuestionContext context)
    {
        GuestThreadState wanted = session.FindThread(thread);
        for (int look = 1; ; look++)
        {
            ThreadsAnswer all = ThreadsAnswer.Ask(session, new ThreadQuery(), context);
            var chains = new ThreadChain(all.Threads, all.HasRun);
            ThreadRow start =
                all.Threads.FirstOrDefault(row => row.State.Id == wanted.Id)
                ?? throw new TargetException(TargetProblem.NoSuchThread, $"thread {wanted.Id} ended");
            IReadOnlyList<ThreadRow> chain = chains.Follow(start);
            bool isCircle = chain.Count > 1 && chain.Take(chain.Count - 1).Contains(chain[^1]);
            IReadOnlyList<ThreadRow> distinct = isCircle ? [.. chain.Take(chain.Count - 1)] : chain;

            // What was true of each thread at another moment is no deadlock.
            bool isDeadlock = isCircle && !chains.HasRun(distinct);
            if (isCircle && !isDeadlock && look < MaxLooks)
                continue;

            if (isCircle && !isDeadlock)
                distinct = [start];

            return new WhyAnswer(
                distinct,
                isDeadlock,
                start.State.HasEnded
                    ? EndedThread.Describe(start, all.Threads, all.List.Time)
                    : Describe(distinct, isDeadlock, all.List.Time) + DescribeCpu(distinct[^1], all.Threads),
                [.. ThreadsAnswer.DescribeTorn(distinct)]
            );
        }
    }

    private static string Describe(IReadOnlyList<ThreadRow> chain, bool isDeadlock, long? now)
    {
        var text = new StringBuilder($"thread {chain[0].State.Label} ");
        for (int i = 0; i < chain.Count; i++)
            text.Append(i == 0 ? "" : ", which ").Append(Describe(chain[i], now));

        return text.Append(isDeadlock ? ": a deadlock" : "").ToString();
    }

    /// <summary>
    /// Who has the CPU that a thread waits for, with a colon before it; empty for any other wait, and where the CPU was
    /// idle at the moment that it was looked at.
    /// </summary>
    private static string DescribeCpu(ThreadRow last, IReadOnlyList<ThreadRow> rows) =>
        last.Wait?.Kind == GuestWaitKind.Cpu
        && last.State.Cpu is int cpu
        && rows.FirstOrDefault(row => row.State.IsRunning && row.State.Cpu == cpu) is { State.Id: > 0 } running
            ? string.Create(CultureInfo.InvariantCulture, $": CPU {cpu} runs thread {running.State.Label}")
                + DescribePolicy(running.State)
            : "";

    private static string DescribePolicy(GuestThreadState thread) =>
        thread.RealtimePriority is > 0 and var priority
            ? string.Create(CultureInfo.InvariantCulture, $", of real-time priority {priority}")
            : "";

    /// <summary>What one thread does, as a sentence without its subject.</summary>
    internal static string Describe(ThreadRow row, long? now) =>
        (
            row.State.IsRunning ? string.Create(CultureInfo.InvariantCulture, $"runs on CPU {row.State.Cpu}")
            : row.Wait is { } wait ? $"waits for {wait.Description}"
            : $"is {row.State.State}"
        )
        + (row.Place is { } place ? $", in {place}" : "")
        + DescribeTime(row, now);

    /// <summary>How long a thread has not run, with a comma before it; empty when that is not known.</summary>
    internal static string DescribeTime(ThreadRow row, long? now) =>
        row.State.SwitchedAt is { } since && !row.State.IsRunning && now - since is > 0 and var waited
            ? string.Create(CultureInfo.InvariantCulture, $", for {waited / 1e9:0.000} s at least")
            : "";
}
