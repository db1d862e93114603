namespace Osprey.Target.Architectures.X64;

/// <summary>
/// The registers of an x86-64 CPU that Osprey knows. The first 17 have the numbers that DWARF gives them
/// (System V psABI AMD64, figure 3.36).
/// </summary>
public enum X64Register
{
    Rax = 0,
    Rdx = 1,
    Rcx = 2,
    Rbx = 3,
    Rsi = 4,
    Rdi = 5,
    Rbp = 6,
    Rsp = 7,
    R8 = 8,
    R9 = 9,
    R10 = 10,
    R11 = 11,
    R12 = 12,
    R13 = 13,
    R14 = 14,
    R15 = 15,

    /// <summary>The program counter; in DWARF the return address column.</summary>
    Rip = 16,

    Rflags,
    Cs,
    Ss,
    Ds,
    Es,
    Fs,
    Gs,

    /// <summary>Base of the segment fs: MSR 0xc0000100.</summary>
    FsBase,

    /// <summary>Base of the segment gs: MSR 0xc0000101.</summary>
    GsBase,

    /// <summary>What <c>swapgs</c> exchanges the base of gs with: MSR 0xc0000102.</summary>
    KernelGsBase,

    Cr0,
    Cr2,
    Cr3,
    Cr4,
    Cr8,

    /// <summary>Extended features: MSR 0xc0000080.</summary>
    Efer,
}
