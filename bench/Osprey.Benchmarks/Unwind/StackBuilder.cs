using System.Buffers.Binary;
using Osprey.Binary.Dwarf.Frame;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.Unwind;

/// <summary>
/// Makes stacks of functions whose CFA counts from the stack pointer or from rbp, chosen from a whole file.
/// </summary>
internal sealed class StackBuilder
{
    private const int Rbp = 6;
    private const int Rsp = 7;
    private const ulong StackStart = 0x7f00_0000_0000;

    private readonly List<UnwindRow> _rows = [];
    private readonly Random _random = new(20261121);

    public StackBuilder(FrameTable table)
    {
        foreach (FrameDescription description in table.EnumerateDescriptions())
        {
            foreach (UnwindRow row in table.ReadRows(description))
            {
                if (IsUsual(row))
                    _rows.Add(row);
            }
        }

        Console.WriteLine($"{_rows.Count} rows to make stacks of");
    }

    /// <summary>Makes a stack of that many frames; the return address of the outermost is 0.</summary>
    public MadeStack Build(int depth)
    {
        var rows = new UnwindRow[depth];
        for (int i = 0; i < depth; i++)
            rows[i] = _rows[_random.Next(_rows.Count)];

        // The values of frame pointers depend on the sizes of other frames, so sizes come first.
        var cfas = new ulong[depth];
        var frames = new ulong[depth];
        ulong sp = StackStart;
        for (int i = 0; i < depth; i++)
        {
            // In a frame that counts from rbp, rbp is 16 below the CFA, as the usual prologue sets it.
            cfas[i] =
                sp + (rows[i].Cfa.Register == Rsp ? (ulong)rows[i].Cfa.Offset : (ulong)_random.Next(4, 40) * 8 + 64);
            frames[i] = rows[i].Cfa.Register == Rbp ? unchecked(cfas[i] - (ulong)rows[i].Cfa.Offset) : 0;
            sp = cfas[i];
        }

        byte[] bytes = new byte[sp - StackStart + 64];
        ulong rbp = 0;
        ulong pc = 0;
        for (int i = depth - 1; i >= 0; i--)
        {
            Write(bytes, cfas[i] - 8, pc);
            foreach (FrameRegister register in rows[i].Registers)
            {
                if (register.Number == Rbp)
                    Write(bytes, unchecked(cfas[i] + (ulong)register.Rule.Value), rbp);
            }

            rbp =
                rows[i].Cfa.Register == Rbp ? frames[i]
                : SavesRbp(rows[i]) ? 0x1234
                : rbp;
            pc = i == 0 ? rows[0].Start : rows[i].Start + 1;
        }

        var registers = new RegisterSet(X64Architecture.Instance)
        {
            [X64Register.Rip] = pc,
            [X64Register.Rsp] = StackStart,
            [X64Register.Rbp] = rbp,
        };
        return new MadeStack(StackStart, bytes, registers, depth == 1 ? pc : rows[^1].Start + 1);
    }

    private static bool SavesRbp(UnwindRow row) => row.GetRule(Rbp).Kind == RegisterRuleKind.Offset;

    private static bool IsUsual(UnwindRow row)
    {
        bool isCfaUsual = row.Cfa.Register switch
        {
            Rsp => row.Cfa.Offset is >= 8 and < 4096,
            Rbp => row.Cfa.Offset == 16 && row.GetRule(Rbp) is { Kind: RegisterRuleKind.Offset, Value: -16 },
            _ => false,
        };
        if (!isCfaUsual || row.IsSignalFrame || row.End - row.Start < 2)
            return false;

        // Saved registers must be in the part of the frame that certainly exists.
        foreach (FrameRegister register in row.Registers)
        {
            long lowest = row.Cfa.Register == Rsp ? -row.Cfa.Offset : -64;
            if (
                register.Rule.Kind != RegisterRuleKind.Offset
                || register.Rule.Value > -8
                || register.Rule.Value < lowest
            )
                return false;
        }

        return row.GetRule(16) is { Kind: RegisterRuleKind.Offset, Value: -8 };
    }

    private static void Write(byte[] bytes, ulong address, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((int)(address - StackStart)), value);
}
