using System.Buffers.Binary;
using System.Numerics;

namespace Osprey.Target.Architectures.X64;

/// <summary>
/// The first instructions of nearly all functions: those that do nothing (endbr64, and the nop in the place of a
/// kernel's call of its tracer), the push of a register, the move from one to another, and room on the stack.
/// </summary>
/// <remarks>Encodings: Intel SDM volume 2, NOP, ENDBR64, PUSH, MOV, SUB; flags of SUB: volume 1, 3.4.3.1.</remarks>
internal sealed class X64SimpleInstructions : ISimpleInstructions
{
    private const ulong TrapFlag = 1 << 8; // EFLAGS.TF: the CPU traps after each instruction
    private const ulong LongModeActive = 1UL << 10; // EFER.LMA
    private const ulong PrivilegeBits = 3;

    private const ulong CarryFlag = 1 << 0;
    private const ulong ParityFlag = 1 << 2;
    private const ulong AdjustFlag = 1 << 4;
    private const ulong ZeroFlag = 1 << 6;
    private const ulong SignFlag = 1 << 7;
    private const ulong OverflowFlag = 1 << 11;
    private const ulong ResultFlags = CarryFlag | ParityFlag | AdjustFlag | ZeroFlag | SignFlag | OverflowFlag;

    /// <summary>The registers by the number that instructions name them by.</summary>
    private static readonly Register[] s_numbered =
    [
        X64Register.Rax,
        X64Register.Rcx,
        X64Register.Rdx,
        X64Register.Rbx,
        X64Register.Rsp,
        X64Register.Rbp,
        X64Register.Rsi,
        X64Register.Rdi,
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

        return FindPush(registers, code, pc) ?? FindMove(registers, code, pc) ?? FindRoom(registers, code, pc, flags);
    }

    private static SimpleEffect? FindPush(RegisterSet registers, ReadOnlySpan<byte> code, ulong pc)
    {
        bool isHigh = code is [0x41, ..]; // REX.B
        ReadOnlySpan<byte> push = isHigh ? code[1..] : code;
        if (push is not [>= 0x50 and <= 0x57, ..] || registers.StackPointer is not ulong sp)
            return null;

        if (registers[s_numbered[push[0] - 0x50 + (isHigh ? 8 : 0)]] is not ulong value)
            return null;

        ulong top = unchecked(sp - sizeof(ulong));
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return new SimpleEffect(
            [(X64Register.Rsp, top), (X64Register.Rip, unchecked(pc + (isHigh ? 2UL : 1)))],
            (top, bytes)
        );
    }

    /// <summary>A move from one register to another, of 64 or, with zeros above them, 32 bits.</summary>
    private static SimpleEffect? FindMove(RegisterSet registers, ReadOnlySpan<byte> code, ulong pc)
    {
        int prefix = code is [>= 0x40 and <= 0x4f, ..] ? code[0] : 0; // REX: 0100 W R X B
        ReadOnlySpan<byte> move = prefix != 0 ? code[1..] : code;
        if (move is not [0x89 or 0x8b, >= 0b11_000_000, ..])
            return null;

        Register named = s_numbered[((move[1] >> 3) & 7) + ((prefix & 4) << 1)];
        Register addressed = s_numbered[(move[1] & 7) + ((prefix & 1) << 3)];
        (Register from, Register into) = move[0] == 0x89 ? (named, addressed) : (addressed, named);
        if (registers[from] is not ulong value)
            return null;

        ulong moved = (prefix & 8) != 0 ? value : value & uint.MaxValue;
        ulong next = unchecked(pc + (prefix != 0 ? 3UL : 2));
        return new SimpleEffect([(into, moved), (X64Register.Rip, next)], null);
    }

    /// <summary>The room that a function makes on its stack: <c>sub $n, %rsp</c>.</summary>
    private static SimpleEffect? FindRoom(RegisterSet registers, ReadOnlySpan<byte> code, ulong pc, ulong flags)
    {
        (long Size, ulong Length)? room = code switch
        {
            [0x48, 0x83, 0xec, var size, ..] => (unchecked((sbyte)size), 4),
            [0x48, 0x81, 0xec, _, _, _, _, ..] => (BinaryPrimitives.ReadInt32LittleEndian(code[3..]), 7),
            _ => null,
        };
        if (room is not (var taken, var length) || registers.StackPointer is not ulong sp)
            return null;

        ulong subtrahend = unchecked((ulong)taken);
        ulong top = unchecked(sp - subtrahend);
        ulong result =
            (sp < subtrahend ? CarryFlag : 0)
            | (BitOperations.PopCount(top & 0xff) % 2 == 0 ? ParityFlag : 0)
            | ((sp ^ subtrahend ^ top) & AdjustFlag)
            | (top == 0 ? ZeroFlag : 0)
            | (top >> 63 != 0 ? SignFlag : 0)
            | (((sp ^ subtrahend) & (sp ^ top)) >> 63 != 0 ? OverflowFlag : 0);
        return new SimpleEffect(
            [
                (X64Register.Rsp, top),
                (X64Register.Rflags, (flags & ~ResultFlags) | result),
                (X64Register.Rip, unchecked(pc + length)),
            ],
            null
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
