namespace Osprey.Binary.Dwarf.Expression;

/// <summary>The type of a value on an expression's stack.</summary>
/// <param name="Kind">The meaning of the bits.</param>
/// <param name="Size">Size in bytes, 1 to 8; for the generic type, that of an address.</param>
public readonly record struct ExpressionType(ExpressionTypeKind Kind, int Size);
