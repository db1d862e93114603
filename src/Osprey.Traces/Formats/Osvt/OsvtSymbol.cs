namespace Osprey.Traces.Formats.Osvt;

/// <summary>A symbol of the guest's dynamic symbol tables or of a code generator in it.</summary>
public sealed record OsvtSymbol(string Name, ulong Address, ulong Size, string File, IReadOnlyList<OsvtLine> Lines);
