using Osprey.Session.Guests;
using Osprey.Session.Guests.Sources;
using Osprey.Session.Guests.Stacks;
using Osprey.Target.Unwinding;
using Osprey.Values.Frames;

namespace Osprey.Session.Answers.Guests.Cpus;

/// <summary>The answer to: what is on the stacks of vCPUs? Names are looked up while they are shown.</summary>
/// <param name="session">The guest.</param>
/// <param name="stacks">The stacks.</param>
/// <param name="withVariables">Whether parameters and local variables are shown.</param>
/// <param name="limit">The most frames of a stack that are shown; functions that were inlined count.</param>
/// <param name="sources">Finds the source lines of the frames; null when they are not shown.</param>
public sealed class StackAnswer(
    GuestSession session,
    IReadOnlyList<CpuStack> stacks,
    bool withVariables,
    int limit = int.MaxValue,
    SourceExcerpts? sources = null
)
{
    private static readonly Shape<Stack> s_stack = new Shape<Stack>("vcpus")
        .Integer("cpu", stack => stack.Cpu)
        .Records("frames", stack => stack.Rows, () => StackRow.Shape)
        .Text("end", stack => stack.Backtrace.End.ToString())
        .Boolean("complete", stack => stack.Backtrace.End.IsComplete)
        .Texts("notes", stack => stack.Backtrace.Notes);

    /// <summary>The columns.</summary>
    public static Shape<StackAnswer> Shape { get; } =
        new Shape<StackAnswer>("stacks")
            .Text("access", answer => answer.Access)
            .Records("vcpus", answer => answer.Stacks, () => s_stack);

    /// <summary>The state that the guest is read in, as one word.</summary>
    public string Access => session.AccessWord;

    /// <summary>The stacks.</summary>
    public IEnumerable<Stack> Stacks
    {
        get
        {
            var names = new BacktraceSymbols(session.Symbols);
            var reader = new GuestStacks(session);
            return stacks.Select(stack =>
            {
                (Backtrace shown, IReadOnlyList<BacktraceRow> rows) = StackLimit.Apply(
                    stack.Backtrace,
                    names.Expand(stack.Backtrace),
                    limit
                );
                StackScopes? scopes = withVariables ? reader.GetScopes(stack) : null;
                return new Stack(stack.Cpu, shown, ListRows(rows, scopes, sources));
            });
        }
    }

    internal static IEnumerable<StackRow> ListRows(
        IReadOnlyList<BacktraceRow> rows,
        StackScopes? scopes,
        SourceExcerpts? sources
    ) =>
        rows.Select(row => new StackRow(row, scopes is null ? null : ListVariables(row, scopes))
        {
            Source = row is { File: { } file, Line: int line } ? sources?.Find(file, line) : null,
        });

    private static IEnumerable<StackVariable> ListVariables(BacktraceRow row, StackScopes scopes) =>
        scopes.FindFunction(row.FrameIndex, row.InlineIndex) is { } function
            ? function.Variables.Select(item => new StackVariable(item.Variable, item.Value))
            : [];

    /// <summary>One stack.</summary>
    /// <param name="Cpu">The vCPU's number from 0; null for saved registers.</param>
    /// <param name="Backtrace">The frames as they were found, and why there are no more.</param>
    /// <param name="Rows">The frames with their names, those of inlined functions too.</param>
    public sealed record Stack(int? Cpu, Backtrace Backtrace, IEnumerable<StackRow> Rows);
}
