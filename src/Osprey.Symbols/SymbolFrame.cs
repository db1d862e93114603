namespace Osprey.Symbols;

/// <summary>A function that an address lies in: a real one, or one that was inlined there.</summary>
/// <param name="Address">The address that was looked up.</param>
/// <param name="Name">The function's name, demangled; null when unknown.</param>
/// <param name="File">The source file as the debug info names it; null when unknown.</param>
/// <param name="Line">The source line, from 1; null when unknown.</param>
/// <param name="IsInlined">True when the function was inlined into that of the next frame.</param>
public readonly record struct SymbolFrame(
    ulong Address,
    string? Name,
    string? File = null,
    int? Line = null,
    bool IsInlined = false
);
