namespace Osprey.Symbols;

/// <summary>One function that an address lies in: a real one or one that was inlined there.</summary>
/// <param name="Address">The address that was looked up.</param>
/// <param name="Name">The function's demangled name; null when unknown.</param>
/// <param name="File">Source file as the debug info names it; null when unknown.</param>
/// <param name="Line">Source line, from 1; null when unknown.</param>
/// <param name="IsInlined">Whether the function was inlined into the frame that follows it.</param>
public readonly record struct SymbolFrame(
    ulong Address,
    string? Name,
    string? File = null,
    int? Line = null,
    bool IsInlined = false
);
