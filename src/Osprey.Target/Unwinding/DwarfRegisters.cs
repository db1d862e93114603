using Osprey.Target.Architectures.X64;

namespace Osprey.Target.Unwinding;

/// <summary>The numbers that DWARF gives the registers of x86-64 (System V psABI AMD64, figure 3.36).</summary>
internal static class DwarfRegisters
{
    private const int Rflags = 49;
    private const int FsBase = 58;
    private const int GsBase = 59;

    // Those of integers that a function may change: all but rbx, rbp, rsp and r12 to r15.
    private const uint Volatile =
        (1 << (int)X64Register.Rax)
        | (1 << (int)X64Register.Rdx)
        | (1 << (int)X64Register.Rcx)
        | (1 << (int)X64Register.Rsi)
        | (1 << (int)X64Register.Rdi)
        | (1 << (int)X64Register.R8)
        | (1 << (int)X64Register.R9)
        | (1 << (int)X64Register.R10)
        | (1 << (int)X64Register.R11);

    /// <summary>Whether a function need not preserve it.</summary>
    public static bool IsVolatile(X64Register register) =>
        register == X64Register.Rflags || (register <= X64Register.R15 && (Volatile >> (int)register & 1) != 0);

    /// <summary>The register of a number, when it is one that is known here.</summary>
    public static bool TryMap(int number, out X64Register register)
    {
        register = number switch
        {
            >= 0 and <= (int)X64Register.Rip => (X64Register)number,
            Rflags => X64Register.Rflags,
            50 => X64Register.Es,
            51 => X64Register.Cs,
            52 => X64Register.Ss,
            53 => X64Register.Ds,
            54 => X64Register.Fs,
            55 => X64Register.Gs,
            FsBase => X64Register.FsBase,
            GsBase => X64Register.GsBase,
            _ => X64Register.Efer,
        };
        return register != X64Register.Efer;
    }
}
