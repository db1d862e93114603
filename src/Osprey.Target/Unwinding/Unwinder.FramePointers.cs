using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Target.Unwinding;

/// <content>What is done where there is no call frame information.</content>
public sealed partial class Unwinder
{
    // How far into a function of hand-written code its frame is still taken for one that has none.
    private const ulong FarthestInLeaf = 4096;

    // Saved by an interrupt: vector or error code, rip, cs, rflags, rsp, ss.
    private const ulong InterruptFrameSize = 40;

    private StackFrame? StepWithoutRules(ref StackFrame frame, UnwindModule? module)
    {
        if (!frame.Registers.TryGet(X64Register.Rsp, out ulong sp))
            return null;

        if (frame.Address.IsReturnAddress)
            return StepByFramePointer(ref frame, sp);

        // Only where a function was interrupted can it be at its entry, or have no frame at all.
        ulong pc = frame.Address.Value;
        Span<byte> code = stackalloc byte[8];
        int count = pc != 0 && module?.IsCode(pc) != false ? _code.Read(pc, code) : 0;
        if (count == 0)
        {
            // Jumped to nowhere, such as through a null pointer: the call has pushed where it came from.
            return StepToStackTop(ref frame, sp, 0, checkTarget: false) ?? StepByFramePointer(ref frame, sp);
        }

        code = code[..count];
        int? pushed = GetPushedBytes(pc, code);
        if (pushed is { } bytes && StepToStackTop(ref frame, sp, bytes, checkTarget: false) is { } entered)
            return entered;

        return StepOutOfInterruptEntry(ref frame, sp)
            ?? StepToStackTop(ref frame, sp, 0, checkTarget: true)
            ?? StepByFramePointer(ref frame, sp)
            ?? StepToStackTop(ref frame, sp, 0, checkTarget: false);
    }

    /// <summary>
    /// How many bytes lie over the return address at an instruction that tells: entry or end of a function; null
    /// elsewhere.
    /// </summary>
    private int? GetPushedBytes(ulong pc, ReadOnlySpan<byte> code)
    {
        if (code.StartsWith((ReadOnlySpan<byte>)[0xf3, 0x0f, 0x1e, 0xfa])) // endbr64
            return 0;

        if (code[0] is 0xc3 or 0xc2 || code.StartsWith((ReadOnlySpan<byte>)[0xf3, 0xc3])) // ret
            return 0;

        if (
            code.StartsWith((ReadOnlySpan<byte>)[0x55, 0x48, 0x89, 0xe5])
            || code.StartsWith((ReadOnlySpan<byte>)[0x55, 0x48, 0x8b, 0xec])
        ) // push %rbp; mov %rsp,%rbp
            return 0;

        Span<byte> before = stackalloc byte[1];
        bool isMove =
            code.StartsWith((ReadOnlySpan<byte>)[0x48, 0x89, 0xe5])
            || code.StartsWith((ReadOnlySpan<byte>)[0x48, 0x8b, 0xec]);
        return isMove && _code.Read(unchecked(pc - 1), before) == 1 && before[0] == 0x55 ? sizeof(ulong) : null;
    }

    /// <summary>Takes the return address from near the top of the stack, when it can be one.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="sp">Its stack pointer.</param>
    /// <param name="pushed">Bytes over the return address: 0, or 8 when the caller's frame pointer was pushed.</param>
    /// <param name="checkTarget">Whether the call must be one to shortly before the frame's program counter.</param>
    private StackFrame? StepToStackTop(ref StackFrame frame, ulong sp, int pushed, bool checkTarget)
    {
        ulong place = unchecked(sp + (ulong)pushed);
        if (!_memory.TryReadUInt64(place, out ulong pc) || !_code.IsReturnAddress(pc, out ulong target))
            return null;

        if (checkTarget && (target == 0 || unchecked(frame.Address.Value - target) > FarthestInLeaf))
            return null;

        RegisterSet registers = CopyPreserved(frame.Registers);
        registers[X64Register.Rip] = pc;
        registers[X64Register.Rsp] = unchecked(place + sizeof(ulong));
        if (pushed != 0)
            registers[X64Register.Rbp] = _memory.TryReadUInt64(sp, out ulong saved) ? saved : null;

        frame = frame with { CanonicalFrameAddress = unchecked(place + sizeof(ulong)) };
        return MakeCaller(registers, true, FrameOrigin.ReturnAddress);
    }

    private StackFrame? StepByFramePointer(ref StackFrame frame, ulong sp)
    {
        if (
            !frame.Registers.TryGet(X64Register.Rbp, out ulong fp)
            || fp % sizeof(ulong) != 0
            || fp < sp
            || fp - sp > _options.MaxFrameSize
            || fp > ulong.MaxValue - 16
        )
        {
            return null;
        }

        if (!_memory.TryReadUInt64(fp, out ulong saved) || !_memory.TryReadUInt64(fp + sizeof(ulong), out ulong pc))
        {
            _end = new BacktraceEnd(BacktraceEndKind.UnreadableStack, fp);
            return null;
        }

        if (pc == 0)
        {
            _end = new BacktraceEnd(BacktraceEndKind.ZeroReturnAddress, fp);
            return null;
        }

        if (!_code.IsReturnAddress(pc, out _))
            return null;

        // The function may have saved more, nobody knows where.
        RegisterSet registers = CopyPreserved(frame.Registers);
        registers[X64Register.Rbx] = null;
        for (var register = X64Register.R12; register <= X64Register.R15; register++)
            registers[register] = null;

        registers[X64Register.Rip] = pc;
        registers[X64Register.Rbp] = saved;
        registers[X64Register.Rsp] = fp + 16;
        frame = frame with { CanonicalFrameAddress = fp + 16 };
        return MakeCaller(registers, true, FrameOrigin.FramePointer);
    }

    /// <summary>
    /// Where the processor has just entered an interrupt or exception, what it pushed is on top of the stack, perhaps
    /// below an error code or a vector's number. Its words are so particular that nothing else is taken for it.
    /// </summary>
    private StackFrame? StepOutOfInterruptEntry(ref StackFrame frame, ulong sp)
    {
        Span<ulong> words = stackalloc ulong[6];
        for (ulong pushed = 0; pushed <= 8; pushed += 8)
        {
            Span<ulong> saved = words[..5];
            if (!_memory.TryRead(unchecked(sp + pushed), System.Runtime.InteropServices.MemoryMarshal.AsBytes(saved)))
                return null;

            bool isSelector = saved[1] is >= 8 and < 0x100 && saved[4] < 0x100;
            bool isFlags = (saved[2] & 2) != 0 && saved[2] < 1 << 22;
            bool isCode = _modules.FindModule(saved[0])?.IsCode(saved[0]) == true;
            if (!isSelector || !isFlags || !isCode || saved[3] == 0 || !CodeReader.IsCanonical(saved[3]))
                continue;

            // The code that was interrupted has all its registers still: nothing was changed yet.
            RegisterSet registers = frame.Registers.Copy();
            registers[X64Register.Rip] = saved[0];
            registers[X64Register.Cs] = saved[1];
            registers[X64Register.Rflags] = saved[2];
            registers[X64Register.Rsp] = saved[3];
            registers[X64Register.Ss] = saved[4];
            frame = frame with { CanonicalFrameAddress = unchecked(sp + pushed + InterruptFrameSize) };
            return MakeCaller(registers, false, FrameOrigin.InterruptFrame);
        }

        return null;
    }
}
