using Osprey.Binary.Elf;
using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Symbols;

/// <summary>
/// Finds the symbol table that a Linux kernel keeps of itself in the kernel's ELF file: in the segments, which are
/// there when all other symbols were stripped, as they are in a boot image (vmlinuz).
/// </summary>
internal static class KallsymsFile
{
    /// <summary>Finds the table.</summary>
    /// <param name="image">The kernel's file.</param>
    /// <param name="bias">The distance between the addresses in the file and those in memory.</param>
    /// <returns>Null when there is none, or it is not understood.</returns>
    public static ISymbolTable? Find(ElfImage image, LoadBias bias)
    {
        ulong start = FindImageStart(image);
        return start >= LinuxDetector.ImageRangeStart && KallsymsFinder.Find(new LoadedBytes(image), start) is { } table
            ? new KallsymsSymbolSource(bias == LoadBias.None ? table : table.Move(bias))
            : null;
    }

    /// <summary>Link-time address of a kernel's first segment; 0 in a file without any.</summary>
    public static ulong FindImageStart(ElfImage image) =>
        image
            .Segments.Where(segment => segment.Type == ElfSegmentType.Load)
            .Select(segment => segment.LinkAddress)
            .FirstOrDefault();

    /// <summary>What the file has for each link-time address.</summary>
    private sealed class LoadedBytes(ElfImage image) : IMemoryReader
    {
        public int Read(ulong address, Span<byte> buffer) => image.ReadLoaded(address, buffer);
    }
}
