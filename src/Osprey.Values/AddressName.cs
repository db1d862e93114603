namespace Osprey.Values;

/// <summary>A symbol and a place in it.</summary>
/// <param name="Name">The symbol's name, demangled.</param>
/// <param name="Offset">Bytes from the symbol's start.</param>
public readonly record struct AddressName(string Name, ulong Offset)
{
    /// <summary>As gdb writes it: the name, and <c>+offset</c> in decimal when that is not 0.</summary>
    public override string ToString() => Offset == 0 ? Name : $"{Name}+{Offset}";
}
