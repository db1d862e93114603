using System.Diagnostics;
using Osprey.Target.Architectures;
using Osprey.Target.Unwinding.Instructions;

namespace Osprey.Target.Unwinding;

/// <content>The ways that are tried where there is no call frame information.</content>
public sealed partial class Unwinder
{
    private StackFrame? StepWithoutRules(ref StackFrame frame, UnwindModule? module)
    {
        if (!frame.Registers.TryGet(Architecture.StackPointer, out ulong sp))
            return null;

        // Only where a function was interrupted can it be at its entry, or have no frame at all.
        if (frame.Address.IsReturnAddress || _recognizer is null)
            return StepByFramePointer(ref frame, sp);

        if (_recognizer.FindByInstructions(frame, sp, module) is { } entered)
            return StepTo(entered, ref frame);

        if (StepByFramePointer(ref frame, sp) is { } caller)
            return caller;

        return _recognizer.FindByStackTop(frame, sp) is { } last ? StepTo(last, ref frame) : null;
    }

    private StackFrame? StepTo(BareCaller caller, ref StackFrame frame)
    {
        frame = frame with { CanonicalFrameAddress = caller.CanonicalFrameAddress };
        return MakeCaller(caller.Registers, caller.IsReturnAddress, caller.Origin);
    }

    /// <summary>
    /// Follows the frame pointer: it leads to the caller's, with the return address behind it, as compilers lay frames
    /// out on all architectures that have one.
    /// </summary>
    private StackFrame? StepByFramePointer(ref StackFrame frame, ulong sp)
    {
        ulong word = (ulong)Architecture.PointerSize;
        if (
            Architecture.FramePointer is not { } framePointer
            || !frame.Registers.TryGet(framePointer, out ulong fp)
            || fp % word != 0
            || fp < sp
            || fp - sp > _options.MaxFrameSize
            || fp > ulong.MaxValue - (2 * word)
        )
        {
            return null;
        }

        Debug.Assert(_code is not null);
        if (
            !Architecture.TryReadPointer(_memory, fp, out ulong saved)
            || !Architecture.TryReadPointer(_memory, fp + word, out ulong pc)
        )
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
        RegisterSet registers = frame.Registers.Copy();
        registers.Forget(Architecture.ClobberedMask | Architecture.PreservedMask);
        registers.Set(Architecture.ProgramCounter, pc);
        registers.Set(framePointer, saved);
        registers.Set(Architecture.StackPointer, fp + (2 * word));
        frame = frame with { CanonicalFrameAddress = fp + (2 * word) };
        return MakeCaller(registers, true, FrameOrigin.FramePointer);
    }

    /// <summary>
    /// Tells whether hand-written code says that a stack begins in it: by a frame pointer of zero, as calling
    /// conventions ask for. Compiled code may have zero there by chance, but has call frame information.
    /// </summary>
    private bool IsMarkedOutermost(StackFrame frame, UnwindModule? module) =>
        frame.Address.IsReturnAddress
        && module is { Problem: null }
        && (module.EhFrame ?? module.DebugFrame) is not null
        && module.IsCode(frame.Address.Lookup)
        && Architecture.FramePointer is { } framePointer
        && frame.Registers.TryGet(framePointer, out ulong fp)
        && fp == 0;
}
