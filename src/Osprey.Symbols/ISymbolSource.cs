namespace Osprey.Symbols;

/// <summary>
/// Something that knows names for addresses: a symbols file, an ELF file, the tables of a trace dump.
/// </summary>
public interface ISymbolSource
{
    /// <summary>
    /// Adds the frames at <paramref name="address"/> to <paramref name="frames"/>, innermost inlined function first.
    /// </summary>
    /// <param name="address">A run-time address inside the instruction of interest (a return address less one).</param>
    /// <param name="frames">What is found is added here; nothing is added when the answer is false.</param>
    /// <returns>Whether anything is known of the address.</returns>
    bool TryResolve(ulong address, List<SymbolFrame> frames);
}
