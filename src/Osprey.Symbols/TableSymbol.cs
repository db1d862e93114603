namespace Osprey.Symbols;

/// <summary>A function, object or label of a symbol table.</summary>
/// <param name="Name">The name; demangled with its parameters if the options ask for that.</param>
/// <param name="Address">The run-time address.</param>
/// <param name="Size">Size in bytes; 0 when the file does not give it.</param>
public readonly record struct TableSymbol(string Name, ulong Address, ulong Size)
{
    /// <summary>The module of the kernel that has it; null when it is of no module, or an ELF file has it.</summary>
    public string? Module { get; init; }
}
