using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Session.Guests.Stacks;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Answers.Guests.Threads;

/// <summary>A stack that one or more threads have alike.</summary>
/// <param name="Threads">The threads and what they wait for, by number.</param>
/// <param name="Backtrace">The frames as they were found, and why there are no more.</param>
/// <param name="Rows">The frames with their names, those of inlined functions too.</param>
public sealed record ThreadStack(IReadOnlyList<ThreadRow> Threads, Backtrace Backtrace, IEnumerable<StackRow> Rows)
{
    private static readonly Shape<ThreadRow> s_thread = new Shape<ThreadRow>("threads")
        .Unsigned("id", row => row.State.Id)
        .Address("address", row => row.State.Address)
        .Text("name", row => row.State.Name)
        .Integer("cpu", row => row.State.Cpu)
        .Text("state", row => row.State.State)
        .Text("waitsFor", row => row.Wait?.Description);

    private static readonly Shape<ThreadStack> s_user = new Shape<ThreadStack>("user")
        .Records("frames", stack => stack.UserRows, () => StackRow.Shape)
        .Text("end", stack => stack.User!.Backtrace.End.ToString())
        .Boolean("complete", stack => stack.User!.Backtrace.End.IsComplete)
        .Texts("notes", stack => stack.User!.Backtrace.Notes);

    /// <summary>The part that is the program's; null when it was not asked for, or there is none.</summary>
    public UserStack? User { get; init; }

    /// <summary>The frames of the program's part, numbered behind the kernel's.</summary>
    public IEnumerable<StackRow> UserRows { get; init; } = [];

    /// <summary>The columns.</summary>
    public static Shape<ThreadStack> Shape { get; } =
        new Shape<ThreadStack>("stacks")
            .Records("threads", stack => stack.Threads, () => s_thread)
            .Records("frames", stack => stack.Rows, () => StackRow.Shape)
            .Text("end", stack => stack.Backtrace.End.ToString())
            .Boolean("complete", stack => stack.Backtrace.End.IsComplete)
            .Texts("notes", stack => stack.Backtrace.Notes)
            .Record("user", stack => stack.User is null ? null : stack, s_user)
            .Optional();
}
