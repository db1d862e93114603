using System.Buffers.Binary;
using Osprey.Probes.Operands;

namespace Osprey.Probes.Values;

/// <summary>Finds the values of arguments from the registers and the memory of a thread that hit a probe.</summary>
public static class ArgumentEvaluator
{
    /// <summary>The longest text that is read of an argument, in bytes.</summary>
    public const int MaxTextSize = 4096;

    private const int MaxDwarfGeneral = 16;

    /// <summary>Evaluates an argument.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="state">The thread at the site: its program counter is that of the NOP.</param>
    /// <param name="symbolAddress">The run-time address of the operand's symbol; null when not known.</param>
    /// <param name="is64Bit">True for a program of 64-bit addresses.</param>
    public static ProbeValue Evaluate(
        ProbeArgument argument,
        IProbeState state,
        ulong? symbolAddress = null,
        bool is64Bit = true
    )
    {
        int width = is64Bit ? 8 : 4;
        int size = argument.Size == 0 ? width : argument.Size;
        switch (argument.Operand)
        {
            case ProbeOperand.Immediate immediate:
                return FromBits(argument, immediate.Value, size);
            case ProbeOperand.Register { Size: 16 } or ProbeOperand.Register { Number: >= 64 }:
                return FromVector(argument, ((ProbeOperand.Register)argument.Operand).Number, state, size);
            case ProbeOperand.Register register:
                return state.TryGetRegister(register.Number, out ulong whole)
                    ? FromBits(argument, unchecked((long)(whole >> register.Shift)), size)
                    : ProbeValue.Unknown("its register is not known");
            case ProbeOperand.Memory memory:
                if (FindAddress(memory, state, symbolAddress, is64Bit, out string? problem) is not { } address)
                    return ProbeValue.Unknown(problem!);

                Span<byte> bytes = stackalloc byte[16];
                return state.ReadMemory(address, bytes[..size]) == size
                    ? FromBytes(argument, bytes[..size])
                    : ProbeValue.Unknown($"there is no memory at 0x{address:x}");
            default:
                return ProbeValue.Unknown("its operand is not understood");
        }
    }

    /// <summary>Reads the text at an address, up to its NUL.</summary>
    /// <param name="state">Whose memory it is in.</param>
    /// <param name="address">The first byte.</param>
    /// <param name="isCut">True when it goes on behind what was read.</param>
    /// <returns>The bytes without the NUL; null when there is no memory.</returns>
    public static byte[]? ReadText(IProbeState state, ulong address, out bool isCut)
    {
        isCut = false;
        if (address == 0)
            return null;

        // Page by page: what lies behind the text may be no memory.
        byte[] buffer = new byte[256];
        int length = 0;
        while (true)
        {
            ulong from = unchecked(address + (ulong)length);
            int step = (int)Math.Min((ulong)(buffer.Length - length), 4096 - (from & 4095));
            int count = state.ReadMemory(from, buffer.AsSpan(length, step));
            int end = buffer.AsSpan(length, count).IndexOf((byte)0);
            if (end >= 0)
                return buffer[..(length + end)];

            length += count;
            if (count < step)
            {
                isCut = length > 0;
                return length > 0 ? buffer[..length] : null;
            }

            if (length == MaxTextSize)
            {
                isCut = true;
                return buffer;
            }

            if (length == buffer.Length)
                Array.Resize(ref buffer, Math.Min(buffer.Length * 4, MaxTextSize));
        }
    }

    private static ulong? FindAddress(
        ProbeOperand.Memory memory,
        IProbeState state,
        ulong? symbolAddress,
        bool is64Bit,
        out string? problem
    )
    {
        problem = "a register of its address is not known";
        ulong address = unchecked((ulong)memory.Displacement);
        if (memory.Symbol is not null)
        {
            problem = $"the address of {memory.Symbol} is not known";
            if (symbolAddress is not { } found)
                return null;

            // "symbol(%rip)" is the symbol's address: the assembler means the distance.
            address = unchecked(address + found);
        }

        bool isRelative = memory is { Symbol: not null, Base: X86RegisterNames.ProgramCounter64 };
        if (memory.Base >= 0 && !isRelative)
        {
            if (!state.TryGetRegister(memory.Base, out ulong start))
                return null;

            address = unchecked(address + start);
        }

        if (memory.Index >= 0)
        {
            if (!state.TryGetRegister(memory.Index, out ulong index))
                return null;

            index = memory.Extension switch
            {
                IndexExtension.Unsigned32 => index & uint.MaxValue,
                IndexExtension.Signed32 => unchecked((ulong)(int)(uint)index),
                _ => index,
            };
            address = unchecked(address + (index * (ulong)memory.Scale));
        }

        if (memory.Segment is { } segment)
        {
            problem = $"the base of segment {segment} is not known";
            if (!state.TryGetSegment(segment, out ulong start))
                return null;

            address = unchecked(address + start);
        }

        return is64Bit ? address : address & uint.MaxValue;
    }

    private static ProbeValue FromVector(ProbeArgument argument, int number, IProbeState state, int size)
    {
        Span<byte> bytes = stackalloc byte[16];
        return number > MaxDwarfGeneral && state.TryGetVector(number, bytes)
            ? FromBytes(argument, bytes[..Math.Min(size, 16)])
            : ProbeValue.Unknown("its vector register is not known");
    }

    /// <summary>The value of an argument whose bytes were read.</summary>
    internal static ProbeValue FromBytes(ProbeArgument argument, ReadOnlySpan<byte> bytes)
    {
        switch (bytes.Length)
        {
            case 4 when argument.IsFloating:
                return ProbeValue.FromNumber(BinaryPrimitives.ReadSingleLittleEndian(bytes));
            case 8 when argument.IsFloating:
                return ProbeValue.FromNumber(BinaryPrimitives.ReadDoubleLittleEndian(bytes));
            case <= 8 when !argument.IsFloating:
                long bits = 0;
                for (int i = bytes.Length - 1; i >= 0; i--)
                    bits = (bits << 8) | bytes[i];

                return FromBits(argument, bits, bytes.Length);
            default:
                return ProbeValue.Unknown($"a value of {bytes.Length} bytes is not understood");
        }
    }

    /// <summary>Cuts bits to a size, and widens them again by the sign.</summary>
    private static ProbeValue FromBits(ProbeArgument argument, long bits, int size)
    {
        if (argument.IsFloating)
        {
            return size switch
            {
                4 => ProbeValue.FromNumber(BitConverter.Int32BitsToSingle(unchecked((int)bits))),
                8 => ProbeValue.FromNumber(BitConverter.Int64BitsToDouble(bits)),
                _ => ProbeValue.Unknown($"a number of {size} bytes is not understood"),
            };
        }

        if (size > 8)
            return ProbeValue.Unknown($"a value of {size} bytes is not understood");

        int shift = 64 - (8 * size);
        return ProbeValue.FromInteger(
            unchecked(argument.IsSigned ? bits << shift >> shift : (long)((ulong)bits << shift >> shift))
        );
    }
}
