using System.Buffers.Binary;
using Osprey.Binary.Elf;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>NT_PRSTATUS of x86: the registers that a debugger of user processes wants.</summary>
internal static class ProcessStatusNote
{
    /// <summary>Size of an x86-64 one in bytes.</summary>
    public const int Size64 = 336;

    /// <summary>Size of an i386 one in bytes.</summary>
    public const int Size32 = 144;

    private const int CpuOffset = 32;
    private const int RegistersOffset64 = 112;
    private const int RegistersOffset32 = 72;

    private static readonly Register?[] s_order64 =
    [
        X64Register.R15,
        X64Register.R14,
        X64Register.R13,
        X64Register.R12,
        X64Register.Rbp,
        X64Register.Rbx,
        X64Register.R11,
        X64Register.R10,
        X64Register.R9,
        X64Register.R8,
        X64Register.Rax,
        X64Register.Rcx,
        X64Register.Rdx,
        X64Register.Rsi,
        X64Register.Rdi,
        null,
        X64Register.Rip,
        X64Register.Cs,
        X64Register.Rflags,
        X64Register.Rsp,
        X64Register.Ss,
        X64Register.FsBase,
        X64Register.GsBase,
        X64Register.Ds,
        X64Register.Es,
        X64Register.Fs,
        X64Register.Gs,
    ];

    private static readonly Register?[] s_order32 =
    [
        X64Register.Rbx,
        X64Register.Rcx,
        X64Register.Rdx,
        X64Register.Rsi,
        X64Register.Rdi,
        X64Register.Rbp,
        X64Register.Rax,
        X64Register.Ds,
        X64Register.Es,
        X64Register.Fs,
        X64Register.Gs,
        null,
        X64Register.Rip,
        X64Register.Cs,
        X64Register.Rflags,
        X64Register.Rsp,
        X64Register.Ss,
    ];

    /// <summary>The registers; none known for another machine, or where the size fits neither form.</summary>
    public static RegisterSet Read(ReadOnlySpan<byte> note, ElfMachine machine)
    {
        var registers = new RegisterSet(X64Architecture.Instance);
        if (machine is not (ElfMachine.X64 or ElfMachine.I386))
            return registers;

        if (note.Length == Size64)
        {
            for (int i = 0; i < s_order64.Length; i++)
            {
                if (s_order64[i] is { } register)
                    registers[register] = BinaryPrimitives.ReadUInt64LittleEndian(
                        note[(RegistersOffset64 + (i * 8))..]
                    );
            }
        }
        else if (note.Length == Size32)
        {
            for (int i = 0; i < s_order32.Length; i++)
            {
                if (s_order32[i] is { } register)
                    registers[register] = BinaryPrimitives.ReadUInt32LittleEndian(
                        note[(RegistersOffset32 + (i * 4))..]
                    );
            }
        }

        return registers;
    }

    /// <summary>Fills in an x86-64 one; what is not known is 0.</summary>
    public static void Write(Span<byte> note, int cpu, RegisterSet registers)
    {
        BinaryPrimitives.WriteInt32LittleEndian(note[CpuOffset..], cpu + 1);
        for (int i = 0; i < s_order64.Length; i++)
        {
            if (s_order64[i] is { } register)
                BinaryPrimitives.WriteUInt64LittleEndian(
                    note[(RegistersOffset64 + (i * 8))..],
                    registers[register] ?? 0
                );
        }
    }
}
