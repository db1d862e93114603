using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types;

/// <summary>A function, inlined or not, at one program counter.</summary>
/// <param name="Name">The function's qualified name; null when the file does not say.</param>
/// <param name="IsInlined">Whether it was inlined into the next one.</param>
/// <param name="FrameBase">The DWARF expression of its frame base, of the function that was compiled by itself; null when there is none.</param>
/// <param name="Variables">Parameters, then the locals of every block that holds the program counter, innermost block first.</param>
public sealed record DebugScope(string? Name, bool IsInlined, VariableLocation? FrameBase, IReadOnlyList<DebugVariable> Variables)
{
    /// <summary>The unit that the expressions of its variables are from; null when that is not known.</summary>
    public CompilationUnit? Unit { get; init; }

    /// <summary>Link-time address of the entry of the function that was compiled by itself; null when the file does not say.</summary>
    public ulong? EntryAddress { get; init; }
}
