using System.Runtime.InteropServices;
using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Sources;
using Osprey.Session.Guests.Stacks;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Unwinding;
using Osprey.Values.Frames;

namespace Osprey.Session.Answers.Guests.Threads;

/// <summary>The answer to: what is on the stacks of the guest's threads?</summary>
/// <param name="Access">The state that the guest is read in, as one word.</param>
/// <param name="Stacks">The stacks; those that are the same, once.</param>
/// <param name="Defects">The reasons why threads or stacks may be missing, in words.</param>
public sealed record ThreadStacksAnswer(string Access, IReadOnlyList<ThreadStack> Stacks, IReadOnlyList<string> Defects)
{
    private static readonly Shape<GuestThreadState> s_ended = new Shape<GuestThreadState>("ended")
        .Unsigned("id", thread => thread.Id)
        .Text("name", thread => thread.Name)
        .Text("state", thread => thread.State);

    /// <summary>The threads that were asked for and have ended, so that they have no stack.</summary>
    public IReadOnlyList<GuestThreadState> Ended { get; init; } = [];

    /// <summary>The columns.</summary>
    public static Shape<ThreadStacksAnswer> Shape { get; } =
        new Shape<ThreadStacksAnswer>("stacks")
            .Text("access", answer => answer.Access)
            .Records("stacks", answer => answer.Stacks, () => ThreadStack.Shape)
            .Records("ended", answer => answer.Ended.Count > 0 ? answer.Ended : null, () => s_ended)
            .Optional()
            .Texts("defects", answer => answer.Defects);

    /// <summary>Reads stacks. A live guest is not paused.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="threads">The threads; null for all.</param>
    /// <param name="options">The limits of each walk.</param>
    /// <param name="withVariables">
    /// True to show parameters and local variables; stacks are not put together then, since their values differ.
    /// </param>
    /// <param name="context">The wish to end early.</param>
    /// <param name="withUser">
    /// True to follow each stack on in the thread's program; stacks are not put together then either.
    /// </param>
    /// <param name="sources">Finds the source lines of the frames; null when they are not shown.</param>
    /// <exception cref="TargetException">The guest's threads can't be listed.</exception>
    public static ThreadStacksAnswer Ask(
        GuestSession session,
        IReadOnlyList<GuestThreadState>? threads,
        UnwinderOptions options,
        bool withVariables,
        QuestionContext context,
        bool withUser = false,
        SourceExcerpts? sources = null
    )
    {
        GuestThreadList list = session.ListThreads(context.Cancellation);
        var reader = new GuestStacks(session);
        using UserStacks? users = withUser ? new UserStacks(session) : null;
        var stacks =
            new List<(List<ThreadRow> Threads, CpuStack Stack, IReadOnlyList<BacktraceRow> Rows, UserStack? User)>();
        var same = new Dictionary<string, int>();
        var defects = list.Defects.ToList();

        // What a thread waits for may be further out than what is shown.
        UnwinderOptions whole = options with
        {
            MaxFrames = Math.Max(options.MaxFrames, UnwinderOptions.Default.MaxFrames),
        };
        var ended = new List<GuestThreadState>();
        foreach (GuestThreadState thread in threads ?? list.Threads)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (thread.HasEnded)
            {
                ended.Add(thread);
                continue;
            }

            SteadyLook<SeenStack> look;
            try
            {
                look = SteadyLook<SeenStack>.Take(
                    session,
                    thread,
                    current => Read(session, list, reader, users, current, whole),
                    (current, seen) => IsOnCpuStill(session, seen.Stack) && IsOwn(session, current, seen)
                );
                if (look.IsTorn && !IsOwn(session, look.Thread, look.Seen))
                    throw GuestSession.NoRegisters(look.Thread);
            }
            catch (TargetException exception)
            {
                defects.Add(exception.Message);
                continue;
            }

            var row = new ThreadRow(look.Thread, null, look.Seen.Wait) { IsTorn = look.IsTorn };
            ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(
                same,
                GetKey(look.Seen.Stack.Backtrace),
                out bool known
            );
            if (known && !withVariables && !withUser)
            {
                stacks[place].Threads.Add(row);
                continue;
            }

            place = stacks.Count;
            stacks.Add(([row], look.Seen.Stack, look.Seen.Rows, look.Seen.User));
        }

        defects.AddRange(ThreadsAnswer.DescribeTorn(stacks.SelectMany(item => item.Threads)));
        return new ThreadStacksAnswer(
            session.AccessWord,
            [
                .. stacks.Select(item =>
                {
                    (Backtrace shown, IReadOnlyList<BacktraceRow> rows) = StackLimit.Apply(
                        item.Stack.Backtrace,
                        item.Rows,
                        options.MaxFrames
                    );
                    StackScopes? scopes = withVariables ? reader.GetScopes(item.Stack) : null;
                    UserStack? own = Number(item.User, rows.Count);
                    return new ThreadStack(item.Threads, shown, StackAnswer.ListRows(rows, scopes, sources))
                    {
                        User = own,
                        UserRows = StackAnswer.ListRows(own?.Rows ?? [], null, sources),
                    };
                }),
            ],
            defects
        )
        {
            Ended = ended,
        };
    }

    /// <summary>
    /// Tells whether the vCPU of a stack has the same stack pointer, in the same mode, as when the walk began: else
    /// what was read after the registers may be another stack's.
    /// </summary>
    private static bool IsOnCpuStill(GuestSession session, CpuStack stack)
    {
        if (stack.Cpu is not int cpu)
            return true;

        RegisterSet now = session.Target.ReadRegisters(cpu);
        RegisterSet then = stack.Registers;
        return now[X64Register.Rsp] == then[X64Register.Rsp] && now[X64Register.Cs] == then[X64Register.Cs];
    }

    private static bool IsOwn(GuestSession session, GuestThreadState thread, in SeenStack seen) =>
        !thread.IsRunning
        || session.Target.Access != TargetAccess.Live
        || !session.ThreadReader.HasProcesses
        || OwnStack.Has(thread, seen.Stack.Backtrace);

    private static SeenStack Read(
        GuestSession session,
        GuestThreadList list,
        GuestStacks reader,
        UserStacks? users,
        GuestThreadState thread,
        UnwinderOptions options
    )
    {
        CpuStack stack = reader.Read(session.GetThread(thread), options);
        UserStack? user = users?.Read(thread, options);
        if (user is { IsWhole: true })
        {
            // Walked as the kernel's it would be shown twice, and without the program's own information.
            BacktraceEnd end = new(BacktraceEndKind.Outermost, 0);
            return new SeenStack(stack with { Backtrace = new Backtrace([], end, []) }, [], null, user);
        }

        IReadOnlyList<BacktraceRow> rows = session.Kernel.Name(stack.Backtrace);
        GuestWait? wait = session.ThreadReader.FindWait(session.Kernel, list, thread, stack.Backtrace, rows);
        return new SeenStack(stack, rows, wait, user);
    }

    /// <summary>The program's frames are numbered behind the kernel's.</summary>
    private static UserStack? Number(UserStack? stack, int first) =>
        stack is null
            ? null
            : stack with
            {
                Rows = [.. stack.Rows.Select(row => row with { Number = first + row.Number })],
            };

    /// <summary>Stacks are the same when their frames are at the same places and end for the same reason.</summary>
    private static string GetKey(Backtrace backtrace) =>
        string.Join(' ', backtrace.Frames.Select(frame => frame.Address.Value.ToString("x"))) + backtrace.End.Kind;

    private readonly record struct SeenStack(
        CpuStack Stack,
        IReadOnlyList<BacktraceRow> Rows,
        GuestWait? Wait,
        UserStack? User
    );
}
