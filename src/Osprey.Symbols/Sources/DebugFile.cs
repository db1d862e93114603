using Osprey.Binary.Elf;

namespace Osprey.Symbols.Sources;

/// <summary>The file that a program's debug info was split off to.</summary>
/// <param name="Image">The file; whoever found it owns it.</param>
/// <param name="Shift">
/// The number to add to its link-time addresses to get the program's, modulo 2^64; 0 unless the program was moved
/// since.
/// </param>
public sealed record DebugFile(ElfImage Image, ulong Shift);
