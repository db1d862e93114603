using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types;

/// <summary>
/// What tells the length of an array that was sized when its function ran (DWARF 5, section 5.13): known in a frame
/// only.
/// </summary>
public abstract record ArrayBound
{
    private ArrayBound(long addend) => Addend = addend;

    /// <summary>
    /// What is to be added for the number of elements: where the last index is told, one more than the first one's
    /// negative.
    /// </summary>
    public long Addend { get; }

    /// <summary>An expression gives it.</summary>
    /// <param name="Value">
    /// One expression, or several by the program counter; what they leave is the number itself, not where it is.
    /// </param>
    /// <param name="Addend">What is to be added.</param>
    public sealed record Expression(VariableLocation Value, long Addend) : ArrayBound(Addend);

    /// <summary>A variable holds it.</summary>
    /// <param name="Holder">The variable, which has no name in the program.</param>
    /// <param name="Addend">What is to be added.</param>
    public sealed record Variable(DebugVariable Holder, long Addend) : ArrayBound(Addend);
}
