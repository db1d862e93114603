using Osprey.Binary.Dwarf.Frame;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding.Instructions;
using Osprey.Target.Unwinding.Rules;

namespace Osprey.Target.Unwinding;

// A stack is a chain of frames, and all that the processor knows of it is in its registers: where it is, where the top
// of the stack is. For each frame the unwinder asks for the registers as they were in the caller, at the call, and goes
// on from there until a frame has no caller or nothing more is known. The caller is found in the first of these ways
// that works:
//
// 1. Call frame information (DWARF 5, section 6.4): a table that the compiler writes, with a rule for the canonical
//    frame address (CFA: the stack pointer before the call) and one for each register that was saved. The rules are
//    taken as they are. Where there is one for the stack pointer, it counts and not the CFA: interrupts continue on
//    other stacks, and so may the frames behind them. Where the code was entered by an interrupt or a signal ("S"
//    augmentation), the return address is one of an instruction that is still to run.
// 2. Where a file has none: a rule that the operating system gives (IUnwindRuleSource), out of a table that its kernel
//    keeps for its own messages. It says no more than what leads to the caller; other registers are not known then.
//    It also counts where kernels change stacks in ways that compilers do not see.
// 3. The call frame information of the code that this code jumps to, when nothing on the way there touches the frame.
//    Kernels have stubs of this kind in exception tables.
// 4. The instructions and the words on top of the stack, where a function may just have been entered. This is different
//    for each architecture: FrameRecognizer.
// 5. Frame pointers. A result of 4 or 5 is believed only if it can be a return address: in code, behind a call.
//
// What always holds:
//
// - Registers that nobody saved are unknown from then on, never stale: which those are, the architecture says.
// - The lookup address of a caller is one less than its return address, since a call may be a function's last
//   instruction (FrameAddress).
// - A call puts its return address onto the stack (x86-64: the column of the return address is the program counter), or
//   into a register (AArch64: the column is the link register). In the second case a leaf function has no rule for it
//   and the register still holds it; a function that made a call itself must have saved it, so that one without a rule
//   is where the stack begins.
// - It ends. Each frame costs a bounded number of reads; the number of frames has a limit; and the stack pointer may
//   jump anywhere, so that the only sign of a stack that goes round in circles is a program counter and a stack pointer
//   that were met before.
//
// Tried and dropped: taking a stack pointer that does not grow for the end (interrupt stacks lie anywhere), and
// searching the stack for words that look like return addresses (old ones remain in it; frames were made up).

/// <summary>Finds the frames of a stack from what the registers hold.</summary>
/// <remarks>For one thread at a time. The registers that it starts from say which architecture it is.</remarks>
public sealed partial class Unwinder
{
    private readonly IUnwindModuleSource _modules;
    private readonly IMemoryReader _memory;
    private readonly UnwinderOptions _options;
    private readonly List<string> _notes = [];
    private Architecture? _architecture;
    private FrameRules? _rules;
    private CodeReader? _code;
    private FrameRecognizer? _recognizer;
    private BacktraceEnd? _end;
    private bool _hasNotedFramePointers;

    /// <param name="modules">Which code is where.</param>
    /// <param name="memory">The guest's memory, as the stack's address space has it.</param>
    /// <param name="options">How far to go.</param>
    public Unwinder(IUnwindModuleSource modules, IMemoryReader memory, UnwinderOptions? options = null)
    {
        _modules = modules;
        _memory = memory;
        _options = options ?? UnwinderOptions.Default;
    }

    private Architecture Architecture => _architecture!;

    /// <summary>Finds the frames of a stack.</summary>
    /// <param name="registers">
    /// The registers as far as they are known: of a vCPU, or saved ones such as rip, rsp and rbp alone.
    /// </param>
    public Backtrace Unwind(RegisterSet registers)
    {
        Use(registers.Architecture);
        _notes.Clear();
        _end = null;
        _hasNotedFramePointers = false;
        var frames = new List<StackFrame>(16);
        if (
            !registers.TryGet(Architecture.ProgramCounter, out ulong pc)
            || !registers.TryGet(Architecture.StackPointer, out _)
        )
            return new Backtrace(frames, new BacktraceEnd(BacktraceEndKind.NothingToStartFrom, pc), []);

        // A vCPU's program counter is where it goes on; so is that of a thread that was switched out, which was saved
        // by its address.
        StackFrame? frame = new(new FrameAddress(pc, false), registers.Copy(), null, FrameOrigin.Start);
        ulong highest = 0;
        while (frame is not null)
        {
            StackFrame? caller = Step(ref frame, frames.Count);
            frames.Add(frame);
            if (caller is null)
                break;

            if (HasCycle(frames, caller, ref highest))
                _end = new BacktraceEnd(BacktraceEndKind.Cycle, caller.Address.Value);
            else if (frames.Count >= _options.MaxFrames)
                _end = new BacktraceEnd(BacktraceEndKind.DepthLimit, caller.Address.Value);

            frame = _end is null ? caller : null;
        }

        return new Backtrace(frames, _end!, _notes.Count == 0 ? [] : [.. _notes]);
    }

    private void Use(Architecture architecture)
    {
        if (ReferenceEquals(_architecture, architecture))
            return;

        _architecture = architecture;
        _rules = new FrameRules(architecture, _memory);
        _code = new CodeReader(architecture, _modules, _memory);
        _recognizer = architecture.CreateRecognizer?.Invoke(_code);
    }

    /// <summary>
    /// The frame that called <paramref name="frame"/>, or null with the reason noted; the frame gets its CFA.
    /// </summary>
    private StackFrame? Step(ref StackFrame frame, int number)
    {
        string? problem = null;
        UnwindModule? module = frame.Address.Value == 0 ? null : _modules.FindModule(frame.Address.Lookup);
        UnwindRow? row = module?.FindRow(frame.Address.Lookup);
        UnwindRule? rule = _modules.Rules?.FindRule(frame.Address.Lookup);
        if (row is null && rule is { Base: null } && StepFromJumpCode(ref frame, module) is { } jumper)
        {
            NoteOrigin(jumper.Origin, number + 1);
            return jumper;
        }

        if (row is null && rule is null && frame.Address.IsReturnAddress)
            rule = FindRuleOfBeginning(ref frame);

        if (
            rule is not null
            && (row is null || rule.SwitchesStack)
            && TryStepByRule(rule, ref frame, out StackFrame? byRule, out problem)
        )
            return byRule;

        if (row is null && module is not null && !frame.Address.IsReturnAddress)
            row = FindRowBehindJump(frame.Address.Value, ref module);

        if (row is not null && module is not null)
        {
            if (_rules!.TryGetCfa(module, row, frame.Registers, out ulong cfa, out problem))
            {
                frame = frame with { CanonicalFrameAddress = cfa };
                return StepByRules(module, row, frame, cfa);
            }
        }

        if (module?.Problem is { } damage)
            Note($"{module.Name}: {damage}");

        if (_modules.Rules?.Problem is { } missing)
            Note(missing);

        if (_options.UseFramePointers && StepWithoutRules(ref frame, module) is { } caller)
        {
            NoteOrigin(caller.Origin, number + 1);
            return caller;
        }

        BacktraceEndKind reason =
            problem is null && IsMarkedOutermost(frame, module) ? BacktraceEndKind.ZeroFramePointer
            : problem is not null ? BacktraceEndKind.UnknownRule
            : frame.Address.IsReturnAddress && module?.IsCode(frame.Address.Lookup) == false
                ? BacktraceEndKind.BadReturnAddress
            : BacktraceEndKind.NoInformation;
        _end ??= new BacktraceEnd(reason, frame.Address.Value, problem);
        return null;
    }

    /// <summary>The caller, unless its program counter says that there is none.</summary>
    private StackFrame? MakeCaller(RegisterSet registers, bool isReturnAddress, FrameOrigin origin)
    {
        ulong pc = registers.ProgramCounter ?? 0;
        if (pc == 0 && isReturnAddress)
            _end = new BacktraceEnd(BacktraceEndKind.ZeroReturnAddress, 0);
        else if (!Architecture.IsCanonical(pc))
            _end = new BacktraceEnd(BacktraceEndKind.BadReturnAddress, pc) { IsCanonical = false };
        else
            return new StackFrame(new FrameAddress(pc, isReturnAddress), registers, null, origin);

        return null;
    }

    private void NoteOrigin(FrameOrigin origin, int number)
    {
        if (origin == FrameOrigin.ReturnAddress)
            Note($"frame {number}: found by the return address on top of the stack, less certain");
        else if (origin == FrameOrigin.InterruptFrame)
            Note($"frame {number}: found by what the processor pushed when it was interrupted");
        else if (!_hasNotedFramePointers)
            Note($"frame {number} and on: found by frame pointers, less certain");

        _hasNotedFramePointers |= origin == FrameOrigin.FramePointer;
    }

    private void Note(string note)
    {
        if (!_notes.Contains(note))
            _notes.Add(note);
    }

    /// <summary>
    /// Tells whether a frame came up before. Only a stack pointer that did not grow can have been met.
    /// </summary>
    private static bool HasCycle(List<StackFrame> frames, StackFrame caller, ref ulong highest)
    {
        if (caller.Registers.StackPointer is not { } sp)
            return false;

        if (frames.Count == 1)
            highest = frames[0].Registers.StackPointer ?? 0;

        if (sp > highest)
        {
            highest = sp;
            return false;
        }

        foreach (StackFrame frame in frames)
        {
            if (frame.Address.Value == caller.Address.Value && frame.Registers.StackPointer == sp)
                return true;
        }

        return false;
    }
}
