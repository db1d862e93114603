using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types;

/// <summary>
/// The way to find the length of an array that was sized when its function ran (DWARF 5, section 5.13). The length is
/// known only in a frame.
/// </summary>
public abstract record ArrayBound
{
    private ArrayBound(long addend) => Addend = addend;

    /// <summary>
    /// The number that is added to the result to get the number of elements: where the result is the last index, 1 less
    /// the first index.
    /// </summary>
    public long Addend { get; }

    /// <summary>An expression gives the length.</summary>
    /// <param name="Value">
    /// One expression, or several by the program counter; their result is the number itself, not its place in memory.
    /// </param>
    /// <param name="Addend">The number that is added to the result.</param>
    public sealed record Expression(VariableLocation Value, long Addend) : ArrayBound(Addend);

    /// <summary>A variable holds the length.</summary>
    /// <param name="Holder">The variable, which has no name in the program.</param>
    /// <param name="Addend">The number that is added to the result.</param>
    public sealed record Variable(DebugVariable Holder, long Addend) : ArrayBound(Addend);
}
