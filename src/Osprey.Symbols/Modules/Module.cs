using Osprey.Binary.Elf;

namespace Osprey.Symbols.Modules;

/// <summary>A program or library at its place in a guest's memory.</summary>
/// <param name="Path">The file that it was loaded from, as the caller names it.</param>
/// <param name="Start">Run-time address of its first byte.</param>
/// <param name="End">Run-time address behind its last byte.</param>
/// <param name="Bias">The distance between its run-time and link-time addresses.</param>
/// <param name="BuildId">Its build-id; empty when it has none or it is not known.</param>
public sealed record Module(string Path, ulong Start, ulong End, LoadBias Bias, BuildId BuildId)
{
    /// <summary>True when the module holds a run-time address.</summary>
    public bool Contains(ulong address) => address >= Start && address < End;
}
