using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Osprey.Binary.Elf;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>QEMU's note of an x86 CPU: all general registers, segments with their bases, control registers.</summary>
internal static class QemuCpuNote
{
    /// <summary>Size in bytes with <see cref="X64Register.KernelGsBase"/>, which older versions leave out.</summary>
    public const int Size = 440;

    private const int SizeWithoutKernelGsBase = 432;
    private const uint Version = 1;
    private const int GeneralOffset = 8;
    private const int SegmentsOffset = 152;
    private const int SegmentSize = 24;
    private const int ControlOffset = 392;
    private const ulong Cr0Paging = 1UL << 31; // CR0.PG
    private const ulong Cr4PhysicalAddressExtension = 1UL << 5; // CR4.PAE
    private const ulong EferLongMode = 0x500; // EFER.LME and EFER.LMA
    private const uint SegmentPresent = 1 << 15; // P
    private const uint SegmentPresentCode = 0x9b00; // P, and accessed, readable code
    private const uint SegmentWide = 1 << 22; // D of a code segment
    private const uint SegmentLong = 1 << 21; // L of a code segment

    private static readonly Register[] s_general =
    [
        X64Register.Rax,
        X64Register.Rbx,
        X64Register.Rcx,
        X64Register.Rdx,
        X64Register.Rsi,
        X64Register.Rdi,
        X64Register.Rsp,
        X64Register.Rbp,
        X64Register.R8,
        X64Register.R9,
        X64Register.R10,
        X64Register.R11,
        X64Register.R12,
        X64Register.R13,
        X64Register.R14,
        X64Register.R15,
        X64Register.Rip,
        X64Register.Rflags,
    ];

    private static readonly Register[] s_segments =
    [
        X64Register.Cs,
        X64Register.Ds,
        X64Register.Es,
        X64Register.Fs,
        X64Register.Gs,
        X64Register.Ss,
    ];

    /// <summary>Tells whether a note has the size and version of an x86 CPU's.</summary>
    public static bool IsOne(ReadOnlySpan<byte> note) =>
        note.Length is Size or SizeWithoutKernelGsBase
        && BinaryPrimitives.ReadUInt32LittleEndian(note) == Version
        && BinaryPrimitives.ReadUInt32LittleEndian(note[4..]) == note.Length;

    /// <summary>The registers of a note; false for a version that is not known.</summary>
    /// <remarks>
    /// EFER is not in it, and a CPU with 64-bit entries in its page tables may be in long mode or in 32-bit mode with
    /// PAE. Where the code segment is of 64 bits, or the core is of a machine without long mode (EM_386: what QEMU
    /// writes when the first CPU is not in it), EFER is set to as much as that tells (LME, LMA, and NXE taken for
    /// granted); else it is unknown.
    /// </remarks>
    public static bool TryRead(
        ReadOnlySpan<byte> note,
        ElfMachine machine,
        [NotNullWhen(true)] out RegisterSet? registers
    )
    {
        registers = null;
        if (
            note.Length < SizeWithoutKernelGsBase
            || machine is not (ElfMachine.X64 or ElfMachine.I386)
            || BinaryPrimitives.ReadUInt32LittleEndian(note) != Version
        )
        {
            return false;
        }

        registers = new RegisterSet(X64Architecture.Instance);
        for (int i = 0; i < s_general.Length; i++)
            registers[s_general[i]] = BinaryPrimitives.ReadUInt64LittleEndian(note[(GeneralOffset + (i * 8))..]);

        for (int i = 0; i < s_segments.Length; i++)
            registers[s_segments[i]] = BinaryPrimitives.ReadUInt32LittleEndian(
                note[(SegmentsOffset + (i * SegmentSize))..]
            );

        registers[X64Register.FsBase] = ReadBase(note, 3);
        registers[X64Register.GsBase] = ReadBase(note, 4);
        registers[X64Register.Cr0] = ReadControl(note, 0);
        registers[X64Register.Cr2] = ReadControl(note, 2);
        registers[X64Register.Cr3] = ReadControl(note, 3);
        registers[X64Register.Cr4] = ReadControl(note, 4);
        if (note.Length >= Size)
            registers[X64Register.KernelGsBase] = BinaryPrimitives.ReadUInt64LittleEndian(
                note[SizeWithoutKernelGsBase..]
            );

        registers.Code = ReadCode(note);
        uint codeFlags = BinaryPrimitives.ReadUInt32LittleEndian(note[(SegmentsOffset + 8)..]);
        registers[X64Register.Efer] = DeriveEfer(ReadControl(note, 0), ReadControl(note, 4), codeFlags, machine);
        return true;
    }

    /// <summary>
    /// Fills in a note of <see cref="Size"/> bytes; what is not known is 0, as are limits of segments, and the flags of
    /// all but the code segment.
    /// </summary>
    public static void Write(Span<byte> note, RegisterSet registers)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(note, Version);
        BinaryPrimitives.WriteUInt32LittleEndian(note[4..], Size);
        for (int i = 0; i < s_general.Length; i++)
            Write(note, GeneralOffset + (i * 8), registers[s_general[i]]);

        for (int i = 0; i < s_segments.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(
                note[(SegmentsOffset + (i * SegmentSize))..],
                (uint)((registers[s_segments[i]] ?? 0) & uint.MaxValue)
            );

        if (registers.Code is { } code)
        {
            uint flags =
                SegmentPresentCode
                | (
                    code.Bits == 64 ? SegmentLong
                    : code.Bits == 32 ? SegmentWide
                    : 0
                );
            BinaryPrimitives.WriteUInt32LittleEndian(note[(SegmentsOffset + 8)..], flags);
            Write(note, SegmentsOffset + 16, code.Base);
        }

        Write(note, SegmentsOffset + (3 * SegmentSize) + 16, registers[X64Register.FsBase]);
        Write(note, SegmentsOffset + (4 * SegmentSize) + 16, registers[X64Register.GsBase]);
        Write(note, ControlOffset, registers[X64Register.Cr0]);
        Write(note, ControlOffset + 16, registers[X64Register.Cr2]);
        Write(note, ControlOffset + 24, registers[X64Register.Cr3]);
        Write(note, ControlOffset + 32, registers[X64Register.Cr4]);
        Write(note, SizeWithoutKernelGsBase, registers[X64Register.KernelGsBase]);
    }

    /// <summary>The code segment; null where the writer of the note left out what is not the selector.</summary>
    private static CodeSegment? ReadCode(ReadOnlySpan<byte> note)
    {
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(note[(SegmentsOffset + 8)..]);
        return (flags & SegmentPresent) == 0
            ? null
            : new CodeSegment(
                ReadBase(note, 0),
                (flags & SegmentLong) != 0 ? 64
                    : (flags & SegmentWide) != 0 ? 32
                    : 16
            );
    }

    private static ulong? DeriveEfer(ulong cr0, ulong cr4, uint codeFlags, ElfMachine machine)
    {
        if ((cr0 & Cr0Paging) == 0 || (cr4 & Cr4PhysicalAddressExtension) == 0)
            return null;

        const ulong NoExecute = 0x800; // EFER.NXE
        if ((codeFlags & SegmentLong) != 0)
            return EferLongMode | NoExecute;

        return machine == ElfMachine.I386 ? NoExecute : null;
    }

    private static ulong ReadBase(ReadOnlySpan<byte> note, int segment) =>
        BinaryPrimitives.ReadUInt64LittleEndian(note[(SegmentsOffset + (segment * SegmentSize) + 16)..]);

    private static ulong ReadControl(ReadOnlySpan<byte> note, int register) =>
        BinaryPrimitives.ReadUInt64LittleEndian(note[(ControlOffset + (register * 8))..]);

    private static void Write(Span<byte> note, int offset, ulong? value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(note[offset..], value ?? 0);
}
