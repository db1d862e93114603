using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>
/// Our own note, one a CPU behind QEMU's: which registers were known at all, and those that QEMU's note has no place
/// for. Owner <c>OSPREY</c>, type 0x4f53: u64 known registers as bits by <see cref="X64Register"/>, u64 EFER, u64 CR8.
/// </summary>
internal static class OspreyCpuNote
{
    public const uint Type = 0x4f53;
    public const int Size = 24;

    /// <summary>Puts what the note says over what QEMU's said; false when it is too short.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> note,
        RegisterSet fromQemu,
        [NotNullWhen(true)] out RegisterSet? registers
    )
    {
        registers = null;
        if (note.Length < Size)
            return false;

        registers = fromQemu.Copy();
        registers[X64Register.Efer] = BinaryPrimitives.ReadUInt64LittleEndian(note[8..]);
        registers[X64Register.Cr8] = BinaryPrimitives.ReadUInt64LittleEndian(note[16..]);
        ulong known = BinaryPrimitives.ReadUInt64LittleEndian(note);
        foreach (Register register in registers.Architecture.Registers)
        {
            if ((known >> register.Index & 1) == 0)
                registers[register] = null;
        }

        return true;
    }

    /// <summary>Fills in a note.</summary>
    public static void Write(Span<byte> note, RegisterSet registers)
    {
        ulong known = 0;
        foreach (Register register in registers.Architecture.Registers)
        {
            if (registers[register] is not null)
                known |= 1UL << register.Index;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(note, known);
        BinaryPrimitives.WriteUInt64LittleEndian(note[8..], registers[X64Register.Efer] ?? 0);
        BinaryPrimitives.WriteUInt64LittleEndian(note[16..], registers[X64Register.Cr8] ?? 0);
    }
}
