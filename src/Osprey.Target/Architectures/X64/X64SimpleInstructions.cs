using System.Buffers.Binary;

namespace Osprey.Target.Architectures.X64;

/// <summary>
/// The first instructions of nearly all functions: those that do nothing (endbr64, and the nop in the place of a
/// kernel's call of its tracer), and the push of a register.
/// </summary>
/// <remarks>Encodings: Intel SDM volume 2, NOP, ENDBR64, PUSH.</remarks>
internal sealed class X64SimpleInstructions : ISimpleInstructions
{
    private const ulong TrapFlag = 1 << 8; // EFLAGS.TF: the CPU traps after each instruction
    private const ulong LongModeActive = 1UL << 10; // EFER.LMA
    private const ulong PrivilegeBits = 3;

    private static readonly Register[] s_pushed =
    [
        X64Register.Rax,
        X64Register.Rcx,
        X64Register.Rdx,
        X64Register.Rbx,
        X64Register.Rsp,
        X64Register.Rbp,
        X64Register.Rsi,
        X64Register.Rdi,
    ];
    private static readonly Register[] s_pushedHigh =
    [
        X64Register.R8,
        X64Register.R9,
        X64Register.R10,
        X64Register.R11,
        X64Register.R12,
        X64Register.R13,
        X64Register.R14,
        X64Register.R15,
    ];

    /// <inheritdoc/>
    public SimpleEffect? Find(RegisterSet registers, ReadOnlySpan<byte> code)
    {
        // Only a kernel's code is known to be 64 bits wide, and its stack to be there and its own.
        if (
            registers[X64Register.Efer] is not ulong efer
            || (efer & LongModeActive) == 0
            || registers[X64Register.Cs] is not ulong selector
            || (selector & PrivilegeBits) != 0
            || registers[X64Register.Rflags] is not ulong flags
            || (flags & TrapFlag) != 0
            || registers.ProgramCounter is not ulong pc
        )
            return null;

        if (MeasureNop(code) is int size)
            return new SimpleEffect([(X64Register.Rip, unchecked(pc + (ulong)size))], null);

        bool isHigh = code.Length > 1 && code[0] == 0x41; // REX.B
        ReadOnlySpan<byte> push = isHigh ? code[1..] : code;
        if (push.Length == 0 || push[0] is < 0x50 or > 0x57 || registers.StackPointer is not ulong sp)
            return null;

        Register source = (isHigh ? s_pushedHigh : s_pushed)[push[0] - 0x50];
        if (registers[source] is not ulong value)
            return null;

        ulong top = unchecked(sp - sizeof(ulong));
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return new SimpleEffect(
            [(X64Register.Rsp, top), (X64Register.Rip, unchecked(pc + (isHigh ? 2UL : 1)))],
            (top, bytes)
        );
    }

    /// <summary>The size of an instruction that does nothing; null for any other.</summary>
    private static int? MeasureNop(ReadOnlySpan<byte> code)
    {
        if (code.StartsWith<byte>([0xf3, 0x0f, 0x1e, 0xfa])) // endbr64
            return 4;

        int prefixes = 0;
        while (prefixes < code.Length && prefixes < 10 && code[prefixes] is 0x66 or 0x2e)
            prefixes++;

        ReadOnlySpan<byte> rest = code[prefixes..];
        if (rest is [0x90, ..])
            return prefixes + 1;

        // 0f 1f /0 with a memory operand: mod 0 to 2, r/m 4 brings another byte. No other form is made by compilers.
        if (rest is not [0x0f, 0x1f, var operand, ..] || (operand & 0b11_111_000) is not (0x00 or 0x40 or 0x80))
            return null;

        bool hasSib = (operand & 7) == 4;
        int mode = operand >> 6;
        if (mode == 0 && (hasSib ? rest is not [_, _, _, var sib, ..] || (sib & 7) == 5 : (operand & 7) == 5))
            return null; // a displacement of four bytes

        int size =
            prefixes
            + 3
            + (hasSib ? 1 : 0)
            + (
                mode == 1 ? 1
                : mode == 2 ? 4
                : 0
            );
        return size <= code.Length ? size : null;
    }
}
