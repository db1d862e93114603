using System.Runtime.InteropServices;
using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Stacks;
using Osprey.Target;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Answers.Guests.Threads;

/// <summary>The answer to: what is on the stacks of the guest's threads?</summary>
/// <param name="Access">The state that the guest is read in, as one word.</param>
/// <param name="Stacks">The stacks; those that are the same, once.</param>
/// <param name="Defects">The reasons why threads or stacks may be missing, in words.</param>
public sealed record ThreadStacksAnswer(string Access, IReadOnlyList<ThreadStack> Stacks, IReadOnlyList<string> Defects)
{
    /// <summary>The columns.</summary>
    public static Shape<ThreadStacksAnswer> Shape { get; } =
        new Shape<ThreadStacksAnswer>("stacks")
            .Text("access", answer => answer.Access)
            .Records("stacks", answer => answer.Stacks, () => ThreadStack.Shape)
            .Texts("defects", answer => answer.Defects);

    /// <summary>Reads stacks. A live guest is not paused.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="threads">The threads; null for all.</param>
    /// <param name="options">The limits of each walk.</param>
    /// <param name="withVariables">
    /// True to show parameters and local variables; stacks are not put together then, since their values differ.
    /// </param>
    /// <param name="context">The wish to end early.</param>
    /// <exception cref="TargetException">The guest's threads can't be listed.</exception>
    public static ThreadStacksAnswer Ask(
        GuestSession session,
        IReadOnlyList<GuestThreadState>? threads,
        UnwinderOptions options,
        bool withVariables,
        QuestionContext context
    )
    {
        GuestThreadList list = session.ListThreads(context.Cancellation);
        var reader = new GuestStacks(session);
        var stacks = new List<(List<ThreadRow> Threads, CpuStack Stack, IReadOnlyList<BacktraceRow> Rows)>();
        var same = new Dictionary<string, int>();
        var defects = list.Defects.ToList();
        foreach (GuestThreadState thread in threads ?? list.Threads)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            CpuStack stack;
            try
            {
                stack = reader.Read(session.GetThread(thread), options);
            }
            catch (TargetException exception)
            {
                defects.Add(exception.Message);
                continue;
            }

            IReadOnlyList<BacktraceRow> rows = session.Kernel.Name(stack.Backtrace);
            var row = new ThreadRow(
                thread,
                null,
                session.ThreadReader.FindWait(session.Kernel, list, thread, stack.Backtrace, rows)
            );
            ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(
                same,
                GetKey(stack.Backtrace),
                out bool known
            );
            if (known && !withVariables)
            {
                stacks[place].Threads.Add(row);
                continue;
            }

            place = stacks.Count;
            stacks.Add(([row], stack, rows));
        }

        return new ThreadStacksAnswer(
            session.AccessWord,
            [
                .. stacks.Select(item => new ThreadStack(
                    item.Threads,
                    item.Stack.Backtrace,
                    StackAnswer.ListRows(item.Rows, withVariables ? reader.GetScopes(item.Stack) : null)
                )),
            ],
            defects
        );
    }

    /// <summary>Stacks are the same when their frames are at the same places and end for the same reason.</summary>
    private static string GetKey(Backtrace backtrace) =>
        string.Join(' ', backtrace.Frames.Select(frame => frame.Address.Value.ToString("x"))) + backtrace.End.Kind;
}
