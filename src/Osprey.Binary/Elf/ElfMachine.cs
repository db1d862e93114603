namespace Osprey.Binary.Elf;

/// <summary>The processor an ELF file is for; a value without a name here is kept as it is.</summary>
public enum ElfMachine : ushort
{
    /// <summary>No processor.</summary>
    None = 0, // EM_NONE

    /// <summary>32-bit x86.</summary>
    I386 = 3, // EM_386

    /// <summary>x86-64.</summary>
    X64 = 62, // EM_X86_64

    /// <summary>AArch64.</summary>
    Arm64 = 183, // EM_AARCH64

    /// <summary>RISC-V, 32-bit or 64-bit.</summary>
    RiscV = 243, // EM_RISCV
}
