namespace Osprey.Symbols.Types.Compounds;

/// <summary>A name of an enumeration.</summary>
/// <param name="Name">The name, without that of the enumeration.</param>
/// <param name="Value">The value; for an unsigned 64-bit enumeration, the same bits as a signed number.</param>
public sealed record Enumerator(string Name, long Value);
