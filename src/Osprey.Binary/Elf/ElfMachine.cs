namespace Osprey.Binary.Elf;

/// <summary>The processor an ELF file is for; a value without a name here is kept as it is.</summary>
public enum ElfMachine : ushort
{
    None = 0, // EM_NONE
    I386 = 3, // EM_386
    X64 = 62, // EM_X86_64
    Arm64 = 183, // EM_AARCH64
    RiscV = 243, // EM_RISCV
}
