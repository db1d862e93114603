using System.Globalization;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Sources;
using Osprey.Target;
using Osprey.Target.Unwinding;

namespace Osprey.Cli.Commands.Guest.Threads;

/// <summary>Shows the stacks of a guest's threads.</summary>
/// <param name="invocation">The guest, and where the answer goes.</param>
/// <param name="depth">The limits of each walk.</param>
/// <param name="locals">Whether variables are shown.</param>
/// <param name="user">Whether stacks are followed in the threads' programs.</param>
/// <param name="sources">The source around each frame's line; null for none.</param>
internal sealed class ThreadBacktraces(
    GuestInvocation invocation,
    UnwinderOptions depth,
    bool locals,
    bool user,
    SourceExcerpts? sources
)
{
    /// <summary>Most looks for the threads that vCPUs run.</summary>
    private const int MaxLooks = 5;

    /// <summary>Most threads without a stack that are named.</summary>
    private const int MaxEnded = 20;

    /// <summary>
    /// Shows the threads that vCPUs run, whose programs can be followed; the guest stands still meanwhile, unless the
    /// user does not want that.
    /// </summary>
    /// <param name="cpu">The vCPU's number from 0; null for all.</param>
    /// <param name="pauses">Whether the guest may be paused.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="TargetException">A vCPU is not seen to run a thread.</exception>
    public int ShowRunning(int? cpu, bool pauses)
    {
        GuestSession session = invocation.Session;
        using IDisposable? pause = pauses ? session.Target.Pause() : null;
        for (int attempt = 1; ; attempt++)
        {
            session.RefreshContexts();
            GuestThreadState?[] found =
            [
                .. (cpu is int one ? [one] : Enumerable.Range(0, session.Target.CpuCount)).Select(number =>
                    session.FindRunning(number)
                    ?? session.ListThreads().Threads.FirstOrDefault(thread => session.RunsOn(thread, number))
                ),
            ];
            if (!found.Contains(null))
                return Show([
                    .. found.Select(thread => string.Create(CultureInfo.InvariantCulture, $"0x{thread!.Address:x}")),
                ]);

            // Other threads may have come to run between the list and the registers.
            if (attempt == MaxLooks)
                throw new TargetException(
                    TargetProblem.NoSuchThread,
                    "a vCPU is not seen to run a thread, whose program could be followed: leave --user out"
                );
        }
    }

    /// <summary>Shows the stacks of threads.</summary>
    /// <param name="names">The threads, by number, address or name; none for all.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="TargetException">There is no such thread, or threads can't be listed.</exception>
    public int Show(string[] names)
    {
        GuestSession session = invocation.Session;
        ThreadStacksAnswer answer = ThreadStacksAnswer.Ask(
            session,
            names.Length == 0 ? null : [.. names.Select(session.FindThread)],
            depth,
            locals,
            invocation.Context,
            user,
            sources
        );
        invocation.Show(ThreadStacksAnswer.Shape, answer, Write);
        invocation.Output.Flush();
        if (answer.Ended is { Count: > 0 } ended)
            Messages.Write($"osprey: note: {DescribeEnded(ended)}");

        foreach (string defect in answer.Defects)
            Messages.Write($"osprey: {TerminalText.Escape(defect)}");

        return answer.Stacks.Count == 0 || answer.Defects.Count > 0 ? ExitCode.Failure : ExitCode.Success;
    }

    private static string DescribeEnded(IReadOnlyList<GuestThreadState> ended)
    {
        if (ended is [var one])
            return $"thread {one.Id} has ended and has no stack";

        string more = ended.Count > MaxEnded ? $" and {ended.Count - MaxEnded} more" : "";
        string ids = string.Join(", ", ended.Take(MaxEnded).Select(thread => thread.Id));
        return $"{ended.Count} threads have ended and have no stack: {ids}{more}";
    }

    private static void Write(ThreadStacksAnswer answer, Output output)
    {
        bool isFirst = true;
        foreach (ThreadStack stack in answer.Stacks)
        {
            output.Text.Append(isFirst ? "" : "\n");
            isFirst = false;
            foreach (ThreadRow row in stack.Threads)
            {
                GuestThreadState thread = row.State;
                string cpu = thread.Cpu is int number ? $" on CPU {number}" : "";
                string wait = row.Wait is { } reason ? $", waits for {reason.Description}" : "";
                output.Text.Append(
                    TerminalText.Escape($"thread {thread.Id} {thread.Name}: {thread.State}{cpu}{wait}") + "\n"
                );
            }

            StackText.WriteFrames(stack.Rows, stack.Backtrace, output);
            if (stack.User is { } user)
            {
                output.Text.Append("     user mode:\n");
                StackText.WriteFrames(stack.UserRows, user.Backtrace, output);
            }

            output.FlushIfLarge();
        }
    }
}
