namespace Osprey.Binary.Elf;

/// <summary>The purpose of a segment; a value without a name here is kept as it is.</summary>
public enum ElfSegmentType : uint
{
    /// <summary>No segment.</summary>
    Null = 0, // PT_NULL

    /// <summary>Bytes to load into memory.</summary>
    Load = 1, // PT_LOAD

    /// <summary>The table for dynamic linking.</summary>
    Dynamic = 2, // PT_DYNAMIC

    /// <summary>The path of the dynamic linker.</summary>
    Interpreter = 3, // PT_INTERP

    /// <summary>Notes.</summary>
    Note = 4, // PT_NOTE

    /// <summary>The initial content of thread-locals.</summary>
    ThreadLocal = 7, // PT_TLS

    /// <summary>The section <c>.eh_frame_hdr</c>.</summary>
    EhFrame = 0x6474e550, // PT_GNU_EH_FRAME
}
