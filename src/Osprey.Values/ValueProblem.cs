namespace Osprey.Values;

/// <summary>The reason why a value is not available.</summary>
/// <param name="Kind">The kind of reason.</param>
/// <param name="Address">The address of the first byte that cannot be read; 0 for the other kinds.</param>
/// <param name="Message">The reason as a sentence without a full stop; gdb's text where gdb has one.</param>
public sealed record ValueProblem(ValueProblemKind Kind, ulong Address, string Message)
{
    /// <summary>Makes the problem of memory that cannot be read.</summary>
    public static ValueProblem Unreadable(ulong address) =>
        new(ValueProblemKind.Unreadable, address, $"Cannot access memory at address 0x{address:x}");

    /// <summary>Makes the problem of a value that the program does not store.</summary>
    public static ValueProblem OptimizedOut(string reason) => new(ValueProblemKind.OptimizedOut, 0, reason);

    /// <summary>Makes the problem of a value whose place depends on something unknown.</summary>
    public static ValueProblem NotKnown(string reason) => new(ValueProblemKind.NotKnown, 0, reason);

    /// <summary>Makes the problem of a number in a format that Osprey does not know.</summary>
    public static ValueProblem NotUnderstood(string type) =>
        new(ValueProblemKind.NotKnown, 0, $"numbers of type {type} are not understood");

    /// <summary>Makes the problem of a value without bytes.</summary>
    public static ValueProblem NoSize(string type) =>
        new(ValueProblemKind.NoSize, 0, $"the size of {type} is not known");

    /// <summary>The problem of a variable of which a symbol tells the place, and nothing the type.</summary>
    public static ValueProblem Untyped { get; } =
        new(
            ValueProblemKind.NoSize,
            0,
            "only the place of this variable is known, not its type: take its address and cast it to the type that its "
                + "source declares, as in *(unsigned long *)&NAME"
        );
}
