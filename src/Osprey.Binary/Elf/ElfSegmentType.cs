namespace Osprey.Binary.Elf;

/// <summary>What a segment is for; a value without a name here is kept as it is.</summary>
public enum ElfSegmentType : uint
{
    Null = 0, // PT_NULL
    Load = 1, // PT_LOAD
    Dynamic = 2, // PT_DYNAMIC
    Interpreter = 3, // PT_INTERP
    Note = 4, // PT_NOTE
    ThreadLocal = 7, // PT_TLS
    EhFrame = 0x6474e550, // PT_GNU_EH_FRAME
}
