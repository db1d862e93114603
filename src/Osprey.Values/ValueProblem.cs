namespace Osprey.Values;

/// <summary>Why a value can't be had, and where.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Address">The first byte that can't be read; 0 for the other kinds.</param>
/// <param name="Message">The reason as a sentence without a full stop, as gdb words it where it has words.</param>
public sealed record ValueProblem(ValueProblemKind Kind, ulong Address, string Message)
{
    /// <summary>Memory can't be read.</summary>
    public static ValueProblem Unreadable(ulong address) =>
        new(ValueProblemKind.Unreadable, address, $"Cannot access memory at address 0x{address:x}");

    /// <summary>The program does not keep it.</summary>
    public static ValueProblem OptimizedOut(string reason) => new(ValueProblemKind.OptimizedOut, 0, reason);

    /// <summary>What leads to it is not known.</summary>
    public static ValueProblem NotKnown(string reason) => new(ValueProblemKind.NotKnown, 0, reason);

    /// <summary>It has no bytes.</summary>
    public static ValueProblem NoSize(string type) =>
        new(ValueProblemKind.NoSize, 0, $"the size of {type} is not known");
}
