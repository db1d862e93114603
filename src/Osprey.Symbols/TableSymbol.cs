namespace Osprey.Symbols;

/// <summary>A function, object or label of a symbol table.</summary>
/// <param name="Name">Its name, demangled with parameters where the options ask for it.</param>
/// <param name="Address">Its run-time address.</param>
/// <param name="Size">Bytes; 0 when the file does not say.</param>
public readonly record struct TableSymbol(string Name, ulong Address, ulong Size);
