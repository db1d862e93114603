namespace Osprey.Symbols.Types.Variables;

/// <summary>A function, inlined or not, at one program counter.</summary>
/// <param name="Name">The function's qualified name; null when the file does not say.</param>
/// <param name="IsInlined">Whether it was inlined into the next one.</param>
/// <param name="FrameBase">
/// The DWARF expression of its frame base, of the function that was compiled by itself; null when there is none.
/// </param>
/// <param name="Variables">
/// Parameters, then the locals of every block that holds the program counter, innermost block first.
/// </param>
public sealed record DebugScope(
    string? Name,
    bool IsInlined,
    VariableLocation? FrameBase,
    IReadOnlyList<DebugVariable> Variables
)
{
    /// <summary>The function that was compiled by itself; null when debug info was not asked for it.</summary>
    public FunctionEntry? Function { get; init; }
}
