using System.Globalization;

namespace Osprey.Target.Architectures.X64;

/// <summary>The width of the code that a CPU executes, and the place of its code segment.</summary>
/// <param name="Bits">16, 32 or 64.</param>
/// <param name="CodeBase">The linear address of offset 0 of the code segment.</param>
/// <param name="Name">The mode in words, such as "16-bit real mode".</param>
/// <param name="Assumption">What is assumed, since the registers do not tell; null when they tell.</param>
/// <remarks>
/// A CPU keeps each segment's base and width in a hidden part that QEMU's monitor and its cores show, and gdb stubs do
/// not (Intel SDM volume 3A, sections 3.4.3 and 20.1.1). Where they are missing, a mode without protection has the
/// base that loading the selector gives, 16 times the selector, save for the first instructions after a reset: the
/// selector is 0xf000 and the base 0xffff0000 until the first far jump. In protected mode, the base is in a table that
/// stubs do not name the place of; all known kernels have it at 0.
/// </remarks>
public sealed record X64CodeMode(int Bits, ulong CodeBase, string Name, string? Assumption)
{
    private const ulong Cr0Protection = 1; // CR0.PE
    private const ulong Cr0Paging = 1UL << 31; // CR0.PG
    private const ulong FlagsVirtual8086 = 1 << 17; // EFLAGS.VM
    private const ulong EferLongModeActive = 1UL << 10; // EFER.LMA
    private const ulong ResetSelector = 0xf000;
    private const ulong ResetOffset = 0xfff0;
    private const ulong ResetBase = 0xffff_0000;

    /// <summary>The mode of 64-bit code, which is also that of registers which tell nothing.</summary>
    public static X64CodeMode Long { get; } = new(64, 0, "64-bit mode", null);

    /// <summary>Reads the mode from a CPU's registers.</summary>
    public static X64CodeMode FromRegisters(RegisterSet registers)
    {
        if (registers.Architecture != X64Architecture.Instance || !registers.TryGet(X64Register.Cr0, out ulong cr0))
            return Long;

        bool isReal = (cr0 & (Cr0Protection | Cr0Paging)) == 0; // paging needs protection
        bool isVirtual = !isReal && ((registers[X64Register.Rflags] ?? 0) & FlagsVirtual8086) != 0;
        bool isLong = ((registers[X64Register.Efer] ?? 0) & EferLongModeActive) != 0;
        string kind =
            isReal ? "real mode"
            : isVirtual ? "virtual-8086 mode"
            : "protected mode";
        if (registers.Code is { } segment)
        {
            int bits = segment.Bits == 64 && !isLong && registers[X64Register.Efer] is not null ? 32 : segment.Bits;
            return bits == 64 ? Long : new X64CodeMode(bits, segment.Base, $"{bits}-bit {kind}", null);
        }

        if (isReal || isVirtual)
            return AssumeReal(registers, kind);

        // A CPU in long mode may run 32-bit programs; only the hidden part of CS tells.
        if (isLong || registers[X64Register.Efer] is null)
            return Long;

        return new X64CodeMode(32, 0, $"32-bit {kind}", "a code segment of 32 bits with base 0 is assumed");
    }

    /// <summary>The linear address of the next instruction; null when the program counter is not known.</summary>
    internal static ulong? LocateCode(RegisterSet registers)
    {
        if (registers.ProgramCounter is not ulong counter)
            return null;

        X64CodeMode mode = FromRegisters(registers);
        return mode.Bits == 64 ? counter : unchecked((uint)(mode.CodeBase + counter));
    }

    private static X64CodeMode AssumeReal(RegisterSet registers, string kind)
    {
        if (!registers.TryGet(X64Register.Cs, out ulong selector))
            return new X64CodeMode(16, 0, $"16-bit {kind}", "base 0 of the code segment is assumed: CS is not known");

        bool isReset = selector == ResetSelector && registers.ProgramCounter == ResetOffset;
        ulong start = isReset ? ResetBase : selector << 4;
        return new X64CodeMode(
            16,
            start,
            $"16-bit {kind}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"base 0x{start:x} of the code segment is assumed from selector 0x{selector:x}"
            ) + (isReset ? ", as after a reset" : "")
        );
    }
}
