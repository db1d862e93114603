namespace Osprey.Binary.Elf.Writing;

/// <summary>A section of an ELF file that is written.</summary>
/// <param name="Name">Its name, such as ".text".</param>
/// <param name="Type">The kind of its content.</param>
/// <param name="Flags">Its attributes.</param>
/// <param name="Address">The address at run time; 0 for one that has no place in memory.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record ElfOutputSection(
    string Name,
    ElfSectionType Type,
    ElfSectionFlags Flags,
    ulong Address,
    ulong Size
)
{
    /// <summary>Writes exactly its bytes; null for a section without bytes in the file.</summary>
    public Action<Stream>? Write { get; init; }

    /// <summary>Creates a section for tools that has no place in memory.</summary>
    /// <param name="name">Its name, such as ".debug_frame".</param>
    /// <param name="bytes">Its bytes.</param>
    public static ElfOutputSection Of(string name, byte[] bytes) =>
        new(name, ElfSectionType.ProgramBits, ElfSectionFlags.None, 0, (ulong)bytes.Length)
        {
            Write = stream => stream.Write(bytes),
        };

    /// <summary>True for an address in its memory.</summary>
    internal bool Contains(ulong address) =>
        Flags.HasFlag(ElfSectionFlags.Allocated) && address >= Address && address - Address < Size;
}
