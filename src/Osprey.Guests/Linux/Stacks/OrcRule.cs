using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Unwinding.Rules;

namespace Osprey.Guests.Linux.Stacks;

/// <summary>Puts entries of ORC into the terms of call frame information.</summary>
/// <remarks>
/// <para>
/// An entry of a function gives the caller's stack pointer, below which the return address lies. One of code that was
/// entered by an interrupt, an exception or a system call gives the place of the saved registers: a
/// <c>struct pt_regs</c>, or its last five members, which the processor saves. The canonical frame address is then the
/// end of those: where the processor began to save.
/// </para>
/// <para>
/// A word that the stack pointer leads to (<c>ORC_REG_SP_INDIRECT</c>) has had two meanings. Up to Linux 5.7, only
/// entry code on the interrupts' stack used it, and the word is at a distance from the stack pointer. Since 5.12,
/// functions that switch stacks use it, the word is where the stack pointer points to, and the distance is added to it.
/// The two kinds of code have different types, which tells.
/// </para>
/// </remarks>
internal static class OrcRule
{
    private const long Word = sizeof(ulong);

    private static readonly SavedRegister s_returnAddress = new(X64Register.Rip, -Word);

    /// <summary>What the processor saves, from the end.</summary>
    private static readonly SavedRegister[] s_savedByProcessor =
    [
        new(X64Register.Ss, -1 * Word),
        new(X64Register.Rsp, -2 * Word),
        new(X64Register.Rflags, -3 * Word),
        new(X64Register.Cs, -4 * Word),
        new(X64Register.Rip, -5 * Word),
    ];

    /// <summary>
    /// <c>struct pt_regs</c> from its end, as programs see it too (<c>arch/x86/include/uapi/asm/ptrace.h</c>). Word 6
    /// is the number of a system call or an error.
    /// </summary>
    private static readonly SavedRegister[] s_savedAll =
    [
        .. s_savedByProcessor,
        new(X64Register.Rdi, -7 * Word),
        new(X64Register.Rsi, -8 * Word),
        new(X64Register.Rdx, -9 * Word),
        new(X64Register.Rcx, -10 * Word),
        new(X64Register.Rax, -11 * Word),
        new(X64Register.R8, -12 * Word),
        new(X64Register.R9, -13 * Word),
        new(X64Register.R10, -14 * Word),
        new(X64Register.R11, -15 * Word),
        new(X64Register.Rbx, -16 * Word),
        new(X64Register.Rbp, -17 * Word),
        new(X64Register.R12, -18 * Word),
        new(X64Register.R13, -19 * Word),
        new(X64Register.R14, -20 * Word),
        new(X64Register.R15, -21 * Word),
    ];

    private static readonly Register[] s_framePointer = [X64Register.Rbp];

    /// <summary>Gives the rule of an entry; null when it gives none.</summary>
    public static UnwindRule? Create(in OrcEntry entry)
    {
        if (entry.Type == OrcType.EndOfStack)
            return UnwindRule.Outermost;

        if (entry.Type is OrcType.Undefined or OrcType.Invalid || FindBase(entry.StackBase) is not { } from)
            return null;

        long size = entry.Type switch
        {
            OrcType.Registers => s_savedAll.Length * Word + Word,
            OrcType.PartialRegisters => s_savedByProcessor.Length * Word,
            _ => 0,
        };
        if (GetSaved(entry, size) is not { } saved)
            return null;

        return Place(entry, from, size) with
        {
            Saved = saved,
            Unchanged = entry is { FrameBase: OrcRegister.Undefined, Type: not OrcType.Registers }
                ? s_framePointer
                : [],
            SwitchesStack = entry.StackBase == OrcRegister.StackPointerIndirect,
            IsReturnAddress = !entry.IsInterrupted,
        };
    }

    /// <summary>The rule for the CFA, which is a distance behind the place that the entry gives.</summary>
    private static UnwindRule Place(in OrcEntry entry, Register from, long size)
    {
        long offset = entry.StackOffset;
        return entry.StackBase switch
        {
            OrcRegister.StackPointerIndirect when entry.Type == OrcType.Call => new UnwindRule(from, 0, [])
            {
                IndirectOffset = offset,
            },
            OrcRegister.StackPointerIndirect or OrcRegister.FramePointerIndirect => new UnwindRule(from, offset, [])
            {
                IndirectOffset = size,
            },

            _ => new UnwindRule(from, offset + size, []),
        };
    }

    private static SavedRegister[]? GetSaved(in OrcEntry entry, long size)
    {
        SavedRegister[] saved = entry.Type switch
        {
            OrcType.Registers => s_savedAll,
            OrcType.PartialRegisters => s_savedByProcessor,
            _ => [s_returnAddress],
        };
        return entry.FrameBase switch
        {
            OrcRegister.Undefined => saved,
            OrcRegister.PreviousStackPointer => [.. saved, new(X64Register.Rbp, entry.FrameOffset - size)],
            OrcRegister.FramePointer => [.. saved, new(X64Register.Rbp, entry.FrameOffset, X64Register.Rbp)],
            _ => null,
        };
    }

    private static Register? FindBase(OrcRegister register) =>
        register switch
        {
            OrcRegister.StackPointer or OrcRegister.StackPointerIndirect => X64Register.Rsp,
            OrcRegister.FramePointer or OrcRegister.FramePointerIndirect => X64Register.Rbp,
            OrcRegister.Ax => X64Register.Rax,
            OrcRegister.R10 => X64Register.R10,
            OrcRegister.R13 => X64Register.R13,
            OrcRegister.Di => X64Register.Rdi,
            OrcRegister.Dx => X64Register.Rdx,
            _ => null,
        };
}
