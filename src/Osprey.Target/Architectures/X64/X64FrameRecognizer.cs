using System.Runtime.InteropServices;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Target.Unwinding.Instructions;

namespace Osprey.Target.Architectures.X64;

// The places where x86-64 code without call frame information can be interrupted, and what is on the stack there:
//
// - at nowhere, after a call through a bad pointer: the return address is on top;
// - at the entry or end of a function, which its instructions tell (endbr64, push %rbp, ret): the return address is on
//   top, or below the frame pointer that was just pushed;
// - at the first instructions of an interrupt's or exception's handler: what the processor pushed is on top, perhaps
//   below an error code or a vector's number;
// - in a leaf function of hand-written code, which never sets up a frame: the return address is on top, and the call in
//   front of it goes to shortly before the program counter.
//
// Only the innermost frame, or one that an interrupt cut off, can be at such a place. What is taken for a return
// address must be in code and behind a call.

/// <summary>Finds callers by the instructions of x86-64 and by the words on top of the stack.</summary>
/// <param name="code">Reads instructions and memory.</param>
internal sealed class X64FrameRecognizer(CodeReader code) : FrameRecognizer
{
    // How far into a function of hand-written code its frame is still taken for one that has none.
    private const ulong FarthestInLeaf = 4096;

    // Saved by an interrupt: vector or error code, rip, cs, rflags, rsp, ss.
    private const ulong InterruptFrameSize = 40;

    private X64JumpFollower? _jumps;

    /// <inheritdoc/>
    public override BareCaller? FindByInstructions(StackFrame frame, ulong sp, UnwindModule? module)
    {
        ulong pc = frame.Address.Value;
        Span<byte> instructions = stackalloc byte[8];
        int count = pc != 0 && module?.IsCode(pc) != false ? code.Read(pc, instructions) : 0;
        if (count == 0)
        {
            // Jumped to nowhere, such as through a null pointer: the call has pushed where it came from.
            return FindAtStackTop(frame, sp, 0, checkTarget: false);
        }

        int? pushed = GetPushedBytes(pc, instructions[..count]);
        if (pushed is { } bytes && FindAtStackTop(frame, sp, bytes, checkTarget: false) is { } entered)
            return entered;

        return FindInterrupted(frame, sp) ?? FindAtStackTop(frame, sp, 0, checkTarget: true);
    }

    /// <inheritdoc/>
    public override BareCaller? FindByStackTop(StackFrame frame, ulong sp) =>
        FindAtStackTop(frame, sp, 0, checkTarget: false);

    /// <inheritdoc/>
    public override ulong? FollowJump(ulong pc, Func<ulong, bool> isKnown)
    {
        _jumps ??= new X64JumpFollower(code);
        return _jumps.Follow(pc, isKnown);
    }

    /// <summary>
    /// Counts the bytes on the stack above the return address, where the instruction tells: at the entry or the end of
    /// a function. Null elsewhere.
    /// </summary>
    private int? GetPushedBytes(ulong pc, ReadOnlySpan<byte> instructions)
    {
        if (instructions.StartsWith((ReadOnlySpan<byte>)[0xf3, 0x0f, 0x1e, 0xfa])) // endbr64
            return 0;

        if (instructions[0] is 0xc3 or 0xc2 || instructions.StartsWith((ReadOnlySpan<byte>)[0xf3, 0xc3])) // ret
            return 0;

        if (
            instructions.StartsWith((ReadOnlySpan<byte>)[0x55, 0x48, 0x89, 0xe5])
            || instructions.StartsWith((ReadOnlySpan<byte>)[0x55, 0x48, 0x8b, 0xec])
        ) // push %rbp; mov %rsp,%rbp
            return 0;

        Span<byte> before = stackalloc byte[1];
        bool isMove =
            instructions.StartsWith((ReadOnlySpan<byte>)[0x48, 0x89, 0xe5])
            || instructions.StartsWith((ReadOnlySpan<byte>)[0x48, 0x8b, 0xec]);
        return isMove && code.Read(unchecked(pc - 1), before) == 1 && before[0] == 0x55 ? sizeof(ulong) : null;
    }

    /// <summary>Takes the return address from near the top of the stack, when it can be one.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="sp">Its stack pointer.</param>
    /// <param name="pushed">Bytes over the return address: 0, or 8 when the caller's frame pointer was pushed.</param>
    /// <param name="checkTarget">Whether the call must be one to shortly before the frame's program counter.</param>
    private BareCaller? FindAtStackTop(StackFrame frame, ulong sp, int pushed, bool checkTarget)
    {
        ulong place = unchecked(sp + (ulong)pushed);
        if (!code.Memory.TryReadUInt64(place, out ulong pc) || !code.IsReturnAddress(pc, out ulong target))
            return null;

        if (checkTarget && (target == 0 || unchecked(frame.Address.Value - target) > FarthestInLeaf))
            return null;

        RegisterSet registers = frame.Registers.Copy();
        registers.Forget(X64Architecture.Instance.ClobberedMask);
        registers[X64Register.Rip] = pc;
        registers[X64Register.Rsp] = unchecked(place + sizeof(ulong));
        if (pushed != 0)
            registers[X64Register.Rbp] = code.Memory.TryReadUInt64(sp, out ulong saved) ? saved : null;

        return new BareCaller(registers, unchecked(place + sizeof(ulong)), true, FrameOrigin.ReturnAddress);
    }

    /// <summary>
    /// Looks for what the processor pushed when it entered an interrupt or exception: it is on top of the stack,
    /// perhaps below an error code or a vector's number. Its words are so particular that nothing else is taken for it.
    /// </summary>
    private BareCaller? FindInterrupted(StackFrame frame, ulong sp)
    {
        Span<ulong> words = stackalloc ulong[6];
        for (ulong pushed = 0; pushed <= 8; pushed += 8)
        {
            Span<ulong> saved = words[..5];
            if (!code.Memory.TryRead(unchecked(sp + pushed), MemoryMarshal.AsBytes(saved)))
                return null;

            bool isSelector = saved[1] is >= 8 and < 0x100 && saved[4] < 0x100;
            bool isFlags = (saved[2] & 2) != 0 && saved[2] < 1 << 22;
            bool isCode = code.Modules.FindModule(saved[0])?.IsCode(saved[0]) == true;
            if (!isSelector || !isFlags || !isCode || saved[3] == 0 || !X64Architecture.Instance.IsCanonical(saved[3]))
                continue;

            // The code that was interrupted has all its registers still: nothing was changed yet.
            RegisterSet registers = frame.Registers.Copy();
            registers[X64Register.Rip] = saved[0];
            registers[X64Register.Cs] = saved[1];
            registers[X64Register.Rflags] = saved[2];
            registers[X64Register.Rsp] = saved[3];
            registers[X64Register.Ss] = saved[4];
            ulong cfa = unchecked(sp + pushed + InterruptFrameSize);
            return new BareCaller(registers, cfa, false, FrameOrigin.InterruptFrame);
        }

        return null;
    }
}
