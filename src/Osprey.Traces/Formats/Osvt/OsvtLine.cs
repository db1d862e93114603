namespace Osprey.Traces.Formats.Osvt;

/// <summary>One line of a symbol's code.</summary>
public readonly record struct OsvtLine(uint Offset, int Line);
