namespace Osprey.Symbols;

/// <summary>A place in a guest's code that a function's name, or a line of a source file, stands for.</summary>
/// <param name="Address">The run-time address of the first instruction.</param>
/// <param name="Name">The function's name as it is shown; null when unknown.</param>
/// <param name="IsInlined">True for a copy of a function that was inlined into another one.</param>
/// <param name="File">The source file as debug info names it; null when unknown.</param>
/// <param name="Line">The line, from 1; null when unknown.</param>
public readonly record struct CodePlace(
    ulong Address,
    string? Name,
    bool IsInlined = false,
    string? File = null,
    int? Line = null
);
