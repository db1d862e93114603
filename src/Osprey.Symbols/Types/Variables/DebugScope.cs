namespace Osprey.Symbols.Types.Variables;

/// <summary>A function, inlined or not, at one program counter.</summary>
/// <param name="Name">The function's qualified name; null when the file does not give it.</param>
/// <param name="IsInlined">True when it was inlined into the next function of the list.</param>
/// <param name="FrameBase">
/// The frame base, as a DWARF expression, of the function that is not inlined; null when there is none.
/// </param>
/// <param name="Variables">
/// The parameters, then the locals of every block that holds the program counter, innermost block first.
/// </param>
public sealed record DebugScope(
    string? Name,
    bool IsInlined,
    VariableLocation? FrameBase,
    IReadOnlyList<DebugVariable> Variables
)
{
    /// <summary>The entry of the function that is not inlined; null when it was not read from debug info.</summary>
    public FunctionEntry? Function { get; init; }
}
