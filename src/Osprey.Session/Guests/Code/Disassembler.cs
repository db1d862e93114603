using Iced.Intel;
using Osprey.Symbols;
using Osprey.Target.Memory;

namespace Osprey.Session.Guests.Code;

/// <summary>Decodes x86 instructions out of a guest's memory.</summary>
/// <param name="memory">The memory that holds them.</param>
/// <param name="session">Names addresses; null when there are no names, as in physical memory.</param>
/// <param name="bits">The processor's mode: 16, 32 or 64.</param>
/// <param name="codeBase">The start of the code segment: the targets of jumps count from there.</param>
internal sealed class Disassembler(IMemoryReader memory, GuestSession? session, int bits, ulong codeBase = 0)
{
    private const int MaxInstructionSize = 15;
    private const int MaxFunctionSize = 1 << 20;

    /// <summary>The first address that could not be read; null when all could.</summary>
    public ulong? UnreadableAt { get; private set; }

    /// <summary>Decodes instructions.</summary>
    /// <param name="start">The address of the first one.</param>
    /// <param name="end">Behind the last one; null when only the count limits them.</param>
    /// <param name="count">The largest number of instructions.</param>
    public IReadOnlyList<InstructionRow> Decode(ulong start, ulong? end, int count)
    {
        ulong wanted =
            end is { } last && last > start
                ? last - start
                : Math.Min((ulong)count * MaxInstructionSize, MaxFunctionSize);
        ulong toEnd = start == 0 ? ulong.MaxValue : unchecked(0 - start);
        byte[] code = new byte[(int)Math.Min(Math.Min(wanted, MaxFunctionSize), toEnd)];
        int size = memory.Read(start, code);
        var reader = new ByteArrayCodeReader(code, 0, size);
        var decoder = Iced.Intel.Decoder.Create(bits, reader, unchecked(start - codeBase), DecoderOptions.None);
        var formatter = new IntelFormatter(new InstructionSymbols(codeBase == 0 ? session : null));
        formatter.Options.HexPrefix = "0x";
        formatter.Options.HexSuffix = null;
        formatter.Options.UppercaseHex = false;
        formatter.Options.SpaceAfterOperandSeparator = true;
        formatter.Options.RipRelativeAddresses = false;
        formatter.Options.SmallHexNumbersInDecimal = false;
        formatter.Options.BranchLeadingZeros = false;
        formatter.Options.LeadingZeros = false;

        var rows = new List<InstructionRow>();
        var text = new StringOutput();
        var frames = new List<SymbolFrame>();
        int offset = 0;
        while (offset < size && rows.Count < count)
        {
            decoder.Decode(out Instruction instruction);
            int length = decoder.LastError == DecoderError.NoMoreBytes ? 0 : instruction.Length;
            if (length == 0)
                break;

            ulong address = unchecked(start + (ulong)offset);
            if (instruction.IsInvalid)
            {
                // The bytes behind the first may well be an instruction.
                length = 1;
                reader.Position = offset + 1;
                decoder.IP = unchecked(address + 1 - codeBase);
            }

            formatter.Format(instruction, text);
            frames.Clear();
            session?.Symbols.TryResolve(address, frames);
            SymbolFrame inner = frames.Count > 0 ? frames[0] : default;
            rows.Add(
                new InstructionRow(
                    address,
                    code[offset..(offset + length)],
                    text.ToStringAndReset(),
                    frames.Count > 0 ? frames[^1].Name : null,
                    inner.File,
                    inner.Line
                )
            );
            offset += length;
        }

        if (size < code.Length && rows.Count < count)
            UnreadableAt = start + (ulong)size;

        return rows;
    }
}
