namespace Osprey.Symbols.Types.Compounds;

/// <summary>A name of an enumeration.</summary>
/// <param name="Name">The name, without the enumeration's.</param>
/// <param name="Value">Its value; of an unsigned 64-bit enumeration, the same bits.</param>
public sealed record Enumerator(string Name, long Value);
