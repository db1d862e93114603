namespace Osprey.Binary.Dwarf.Expression;

/// <summary>The type of a value on an expression's stack.</summary>
/// <param name="Kind">How its bits are meant.</param>
/// <param name="Size">Its size in bytes, 1 to 8; of the generic type that of an address.</param>
public readonly record struct ExpressionType(ExpressionTypeKind Kind, int Size);
