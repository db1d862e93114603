using Osprey.Symbols.Modules;

namespace Osprey.Session.Guests;

/// <summary>A program of the guest whose ELF file is here.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">Run-time address of its first byte.</param>
/// <param name="End">The first behind it.</param>
/// <param name="Bias">Converts between its run-time and link-time addresses.</param>
/// <param name="Origin">How it was found and whether it fits, in words.</param>
public sealed record GuestModule(string Path, ulong Start, ulong End, LoadBias Bias, string Origin);
