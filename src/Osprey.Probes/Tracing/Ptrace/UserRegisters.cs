using System.Runtime.InteropServices;

namespace Osprey.Probes.Tracing.Ptrace;

/// <summary>The registers of an x86-64 thread, as <c>struct user_regs_struct</c> of Linux has them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UserRegisters
{
    public ulong R15;
    public ulong R14;
    public ulong R13;
    public ulong R12;
    public ulong Rbp;
    public ulong Rbx;
    public ulong R11;
    public ulong R10;
    public ulong R9;
    public ulong R8;
    public ulong Rax;
    public ulong Rcx;
    public ulong Rdx;
    public ulong Rsi;
    public ulong Rdi;
    public ulong OriginalRax;
    public ulong Rip;
    public ulong Cs;
    public ulong Flags;
    public ulong Rsp;
    public ulong Ss;
    public ulong FsBase;
    public ulong GsBase;
    public ulong Ds;
    public ulong Es;
    public ulong Fs;
    public ulong Gs;

    /// <summary>Gets a register by its DWARF number; false when there is none of that number.</summary>
    public readonly bool TryGet(int number, out ulong value)
    {
        value = number switch
        {
            0 => Rax,
            1 => Rdx,
            2 => Rcx,
            3 => Rbx,
            4 => Rsi,
            5 => Rdi,
            6 => Rbp,
            7 => Rsp,
            8 => R8,
            9 => R9,
            10 => R10,
            11 => R11,
            12 => R12,
            13 => R13,
            14 => R14,
            15 => R15,
            16 => Rip,
            _ => 0,
        };
        return number is >= 0 and <= 16;
    }
}
