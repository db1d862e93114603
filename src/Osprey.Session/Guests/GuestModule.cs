using Osprey.Binary.Elf;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Guests;

/// <summary>A program of the guest whose ELF file is here.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">Run-time address of its first byte.</param>
/// <param name="End">The first behind it.</param>
/// <param name="Bias">Converts between its run-time and link-time addresses.</param>
/// <param name="Origin">The way it was found, and the result of its comparison with memory, in words.</param>
/// <param name="Image">The file itself.</param>
/// <param name="Types">Its types and variables; its debug info is read when they are asked for.</param>
/// <param name="Unwind">Its call frame information.</param>
public sealed record GuestModule(
    string Path,
    ulong Start,
    ulong End,
    LoadBias Bias,
    string Origin,
    ElfImage Image,
    TypeCatalog Types,
    UnwindModule Unwind
);
