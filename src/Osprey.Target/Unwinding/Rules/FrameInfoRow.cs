using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.Target.Unwinding.Rules;

/// <summary>One rule in the instructions of DWARF's call frame information.</summary>
internal sealed class FrameInfoRow
{
    private const int RegisterCount = 17; // rax to r15, and the return address
    private const int Word = sizeof(ulong);
    private const byte Offset = 0x80; // DW_CFA_offset
    private const byte Undefined = 0x07;
    private const byte SameValue = 0x08;
    private const byte DefineCfa = 0x0c;
    private const byte DefineCfaExpression = 0x0f;
    private const byte Expression = 0x10;
    private const byte DefineCfaSigned = 0x12;
    private const byte OffsetSigned = 0x11; // DW_CFA_offset_extended_sf
    private const byte ValueOffset = 0x14; // DW_CFA_val_offset
    private const byte BaseRegister = 0x70; // DW_OP_breg0
    private const byte Dereference = 0x06; // DW_OP_deref
    private const byte SignedNumber = 0x11; // DW_OP_consts
    private const byte Plus = 0x22; // DW_OP_plus

    /// <summary>
    /// The stack pointer's rule where it is the CFA: nothing is said, as lldb stops at an instruction that says so.
    /// </summary>
    private static readonly byte[] s_frameAddress = [];

    private readonly byte[] _cfa;
    private readonly byte[][] _registers;

    private FrameInfoRow(byte[] cfa, byte[][] registers) => (_cfa, _registers) = (cfa, registers);

    /// <summary>The row that each entry begins with: a function that was just called.</summary>
    public static FrameInfoRow Initial { get; } =
        Create(
            new UnwindRule(X64Register.Rsp, Word, [new SavedRegister(X64Register.Rip, -Word)])
            {
                Unchanged = [X64Register.Rbp],
            }
        );

    /// <summary>Puts a rule into instructions.</summary>
    public static FrameInfoRow Create(UnwindRule rule)
    {
        byte[][] registers = new byte[RegisterCount][];
        for (int number = 0; number < RegisterCount; number++)
            registers[number] = [Undefined, (byte)number];

        if (rule.Base is not { } from)
            return new FrameInfoRow([DefineCfa, GetNumber(X64Register.Rsp), Word], registers);

        registers[GetNumber(X64Register.Rsp)] = s_frameAddress;
        foreach (Register same in rule.Unchanged)
            registers[GetNumber(same)] = [SameValue, GetNumber(same)];

        foreach (SavedRegister saved in rule.Saved)
        {
            if (saved.Register.DwarfNumber is { } number and < RegisterCount)
                registers[number] = Place((byte)number, saved);
        }

        return new FrameInfoRow(DefineFrameAddress(from, rule), registers);
    }

    /// <summary>Writes the instructions that lead to this row from the one before; all of them after none.</summary>
    public void WriteAfter(FrameInfoRow? before, Stream program)
    {
        if (before is null || !before._cfa.AsSpan().SequenceEqual(_cfa))
            program.Write(_cfa);

        for (int number = 0; number < RegisterCount; number++)
        {
            if (before is null || !before._registers[number].AsSpan().SequenceEqual(_registers[number]))
                program.Write(
                    before is not null && _registers[number] == s_frameAddress
                        ? [ValueOffset, (byte)number, 0]
                        : _registers[number]
                );
        }
    }

    private static byte[] DefineFrameAddress(Register from, UnwindRule rule)
    {
        if (rule.IndirectOffset is { } added)
        {
            byte[] word =
            [
                (byte)(BaseRegister + GetNumber(from)),
                .. Signed(rule.Offset),
                Dereference,
                SignedNumber,
                .. Signed(added),
                Plus,
            ];
            return [DefineCfaExpression, (byte)word.Length, .. word];
        }

        if (rule.Offset >= 0)
            return [DefineCfa, GetNumber(from), .. Unsigned((ulong)rule.Offset)];

        if (rule.Offset % Word == 0)
            return [DefineCfaSigned, GetNumber(from), .. Signed(rule.Offset / -Word)];

        byte[] sum = [(byte)(BaseRegister + GetNumber(from)), .. Signed(rule.Offset)];
        return [DefineCfaExpression, (byte)sum.Length, .. sum];
    }

    private static byte[] Place(byte number, SavedRegister saved)
    {
        if (saved.Base is { } from)
        {
            byte[] place = [(byte)(BaseRegister + GetNumber(from)), .. Signed(saved.Offset)];
            return [Expression, number, (byte)place.Length, .. place];
        }

        if (saved.Offset % Word != 0)
        {
            // The CFA is what the expression begins with.
            byte[] sum = [SignedNumber, .. Signed(saved.Offset), Plus];
            return [Expression, number, (byte)sum.Length, .. sum];
        }

        long words = saved.Offset / -Word;
        return words >= 0
            ? [(byte)(Offset | number), .. Unsigned((ulong)words)]
            : [OffsetSigned, number, .. Signed(words)];
    }

    private static byte GetNumber(Register register) => (byte)(register.DwarfNumber ?? 0);

    private static IEnumerable<byte> Unsigned(ulong value)
    {
        for (; value > 0x7f; value >>= 7)
            yield return (byte)((value & 0x7f) | 0x80);

        yield return (byte)value;
    }

    private static IEnumerable<byte> Signed(long value)
    {
        for (; value is > 0x3f or < -0x40; value >>= 7)
            yield return (byte)((value & 0x7f) | 0x80);

        yield return (byte)(value & 0x7f);
    }
}
