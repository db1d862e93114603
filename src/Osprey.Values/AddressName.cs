namespace Osprey.Values;

/// <summary>A symbol, and a position in it.</summary>
/// <param name="Name">The symbol's name, demangled.</param>
/// <param name="Offset">The bytes from the symbol's start.</param>
public readonly record struct AddressName(string Name, ulong Offset)
{
    /// <summary>Formats it as gdb does: the name, and <c>+offset</c> in decimal when that is not 0.</summary>
    public override string ToString() => Offset == 0 ? Name : $"{Name}+{Offset}";
}
