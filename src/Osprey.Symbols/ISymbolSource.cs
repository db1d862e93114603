namespace Osprey.Symbols;

/// <summary>A source of names for addresses: a symbols file, an ELF file, the tables of a trace dump.</summary>
public interface ISymbolSource
{
    /// <summary>
    /// Adds the frames at <paramref name="address"/> to <paramref name="frames"/>, innermost inlined function first.
    /// </summary>
    /// <param name="address">
    /// A run-time address inside the instruction of interest: for a return address, the address less 1.
    /// </param>
    /// <param name="frames">Receives the frames; unchanged when the result is false.</param>
    /// <returns>True when the source knows the address.</returns>
    bool TryResolve(ulong address, List<SymbolFrame> frames);
}
