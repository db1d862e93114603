namespace Osprey.Traces.Formats.Osvt;

/// <summary>A section header of a module; addresses are link-time ones.</summary>
public sealed record OsvtSection(string Name, uint Type, ulong Flags, ulong Address, ulong FileOffset, ulong Size);
