using Osprey.Binary.Elf;

namespace Osprey.Symbols.Modules;

/// <summary>A program or library as it lies in a guest's memory.</summary>
/// <param name="Path">The file it was loaded from, as the caller names it.</param>
/// <param name="Start">Run-time address of its first byte.</param>
/// <param name="End">Run-time address behind its last byte.</param>
/// <param name="Bias">Converts between its run-time and link-time addresses.</param>
/// <param name="BuildId">Its build-id; empty when it has none or it is not known.</param>
public sealed record Module(string Path, ulong Start, ulong End, LoadBias Bias, BuildId BuildId)
{
    /// <summary>Whether a run-time address is in it.</summary>
    public bool Contains(ulong address) => address >= Start && address < End;
}
