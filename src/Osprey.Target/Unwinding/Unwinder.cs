using Osprey.Binary.Dwarf;
using Osprey.Binary.Dwarf.Expression;
using Osprey.Binary.Dwarf.Frame;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Target.Unwinding;

// A frame's caller is found in the first of these ways that works:
//
// 1. Call frame information (DWARF 5, section 6.4). Its rules are taken as they are: where there is one for the stack
// pointer, it
// counts and not the CFA, since interrupts continue on other stacks and so may the frames behind them; where the code
// was
// entered by an interrupt or signal ("S" augmentation), the return address is one of an instruction that is still to
// run.
// 2. That of the code which this code jumps to, when nothing on the way there touches the frame.
// 3. Frame pointers, with a look at the instructions where a function may just have been entered. What they give is
// believed only
//    if it can be a return address: in code, behind a call.
//
// Registers that nobody saved are unknown from then on, never stale. The stack pointer may jump anywhere, so that the
// only sign of a stack that goes round in circles is a program counter and a stack pointer that were met before.

/// <summary>Finds the frames of a stack from what the registers hold.</summary>
/// <remarks>For one thread at a time. x86-64 only.</remarks>
public sealed partial class Unwinder
{
    private readonly IUnwindModuleSource _modules;
    private readonly IMemoryReader _memory;
    private readonly UnwinderOptions _options;
    private readonly CodeReader _code;
    private readonly FrameRuleContext _context;
    private readonly ExpressionMachine _machine = new(new UnitEncoding(4, 8, 4));
    private readonly List<string> _notes = [];
    private JumpFollower? _jumps;
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
        _code = new CodeReader(modules, memory);
        _context = new FrameRuleContext(memory);
    }

    /// <summary>The frames of a stack.</summary>
    /// <param name="registers">
    /// What is known of the registers: of a vCPU, or saved ones such as rip, rsp and rbp alone.
    /// </param>
    public Backtrace Unwind(RegisterSet registers)
    {
        _notes.Clear();
        _end = null;
        _hasNotedFramePointers = false;
        var frames = new List<StackFrame>(16);
        if (!registers.TryGet(X64Register.Rip, out ulong pc) || !registers.TryGet(X64Register.Rsp, out _))
            return new Backtrace(frames, new BacktraceEnd(BacktraceEndKind.NothingToStartFrom, pc), []);

        // A vCPU's rip is where it goes on; so is that of a thread that was switched out, which was saved by its
        // address.
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

    /// <summary>
    /// The frame that called <paramref name="frame"/>, or null with the reason noted; the frame gets its CFA.
    /// </summary>
    private StackFrame? Step(ref StackFrame frame, int number)
    {
        string? problem = null;
        UnwindModule? module = frame.Address.Value == 0 ? null : _modules.FindModule(frame.Address.Lookup);
        UnwindRow? row = module?.FindRow(frame.Address.Lookup);
        if (row is null && module is not null && !frame.Address.IsReturnAddress)
            row = FindRowBehindJump(frame.Address.Value, ref module);

        if (row is not null && module is not null)
        {
            if (TryGetCfa(module, row, frame.Registers, out ulong cfa, out problem))
            {
                frame = frame with { CanonicalFrameAddress = cfa };
                return StepByRules(module, row, frame, cfa);
            }
        }

        if (module?.Problem is { } damage)
            Note($"{module.Name}: {damage}");

        if (_options.UseFramePointers && StepWithoutRules(ref frame, module) is { } caller)
        {
            NoteOrigin(caller.Origin, number + 1);
            return caller;
        }

        BacktraceEndKind reason =
            problem is not null ? BacktraceEndKind.UnknownRule
            : frame.Address.IsReturnAddress && module?.IsCode(frame.Address.Lookup) == false
                ? BacktraceEndKind.BadReturnAddress
            : BacktraceEndKind.NoInformation;
        _end ??= new BacktraceEnd(reason, frame.Address.Value, problem);
        return null;
    }

    /// <summary>
    /// How to unwind the code that is jumped to from an address that nothing is known of; also in another module.
    /// </summary>
    private UnwindRow? FindRowBehindJump(ulong pc, ref UnwindModule module)
    {
        _jumps ??= new JumpFollower(_code);
        if (
            _jumps.Follow(pc, address => _modules.FindModule(address)?.FindRow(address) is not null) is not { } target
            || _modules.FindModule(target) is not { } found
        )
        {
            return null;
        }

        module = found;
        return found.FindRow(target);
    }

    private bool TryGetCfa(
        UnwindModule module,
        UnwindRow row,
        RegisterSet registers,
        out ulong cfa,
        out string? problem
    )
    {
        cfa = 0;
        problem = "there is no rule for its frame";
        CfaRule rule = row.Cfa;
        if (!rule.IsDefined)
            return false;

        if (rule.Register < 0)
            return TryEvaluate(module, rule.Expression, registers, null, out cfa, out problem);

        problem = null;
        if (
            DwarfRegisters.TryMap(rule.Register, out X64Register register)
            && registers.TryGet(register, out ulong value)
        )
        {
            cfa = unchecked(value + (ulong)rule.Offset);
            return true;
        }

        problem = $"register {rule.Register} is not known";
        return false;
    }

    private StackFrame? StepByRules(UnwindModule module, UnwindRow row, StackFrame frame, ulong cfa)
    {
        RegisterSet old = frame.Registers;
        RegisterSet registers = CopyPreserved(old);
        registers[X64Register.Rip] = null;
        registers[X64Register.Rsp] = cfa;

        bool hasReturnAddress = false;
        foreach (ref readonly FrameRegister column in row.Registers)
        {
            bool isReturnAddress = column.Number == row.ReturnAddressRegister;
            if (!TryMapColumn(row, column.Number, out X64Register register))
                continue;

            ulong? value = null;
            if (TryApply(module, column.Rule, old, register, cfa, out ulong found, out string? problem))
                value = found;

            if (isReturnAddress)
            {
                if (column.Rule.Kind == RegisterRuleKind.Undefined)
                    break;

                hasReturnAddress = true;
                if (value is null)
                {
                    _end = problem is null
                        ? new BacktraceEnd(BacktraceEndKind.UnreadableStack, unchecked(cfa + (ulong)column.Rule.Value))
                        : new BacktraceEnd(BacktraceEndKind.UnknownRule, frame.Address.Value, problem);
                    return null;
                }
            }

            registers[register] = value;
        }

        if (!hasReturnAddress)
        {
            _end = new BacktraceEnd(BacktraceEndKind.Outermost, frame.Address.Value);
            return null;
        }

        return MakeCaller(registers, !row.IsSignalFrame, FrameOrigin.CallFrameInformation);
    }

    /// <summary>
    /// What a rule gives; a problem is told of what is not simply unreadable at the CFA plus an offset.
    /// </summary>
    private bool TryApply(
        UnwindModule module,
        in RegisterRule rule,
        RegisterSet old,
        X64Register register,
        ulong cfa,
        out ulong value,
        out string? problem
    )
    {
        problem = null;
        value = 0;
        switch (rule.Kind)
        {
            case RegisterRuleKind.Offset:
                return _memory.TryReadUInt64(unchecked(cfa + (ulong)rule.Value), out value);
            case RegisterRuleKind.ValueOffset:
                value = unchecked(cfa + (ulong)rule.Value);
                return true;
            case RegisterRuleKind.SameValue:
                problem = $"{register} is not known";
                return old.TryGet(register, out value);
            case RegisterRuleKind.Register:
                problem = $"register {rule.Value} is not known";
                return DwarfRegisters.TryMap((int)rule.Value, out X64Register other) && old.TryGet(other, out value);
            case RegisterRuleKind.ValueExpression:
                return TryEvaluate(module, rule.Expression, old, cfa, out value, out problem);
            case RegisterRuleKind.Expression:
                if (!TryEvaluate(module, rule.Expression, old, cfa, out ulong address, out problem))
                    return false;

                problem = $"memory at 0x{address:x} can't be read";
                return _memory.TryReadUInt64(address, out value);
            default:
                problem = "its rule is not known";
                return false;
        }
    }

    private bool TryEvaluate(
        UnwindModule module,
        ReadOnlyMemory<byte> expression,
        RegisterSet registers,
        ulong? initial,
        out ulong value,
        out string? problem
    )
    {
        _context.Registers = registers;
        _context.Bias = module.Bias;
        try
        {
            return _machine.TryEvaluateValue(expression, _context, initial, out value, out problem);
        }
        catch (Osprey.Binary.BadDataException e)
        {
            value = 0;
            problem = e.Message;
            return false;
        }
    }

    /// <summary>The caller, unless its program counter says that there is none.</summary>
    private StackFrame? MakeCaller(RegisterSet registers, bool isReturnAddress, FrameOrigin origin)
    {
        ulong pc = registers[X64Register.Rip] ?? 0;
        if (pc == 0 && isReturnAddress)
            _end = new BacktraceEnd(BacktraceEndKind.ZeroReturnAddress, 0);
        else if (!CodeReader.IsCanonical(pc))
            _end = new BacktraceEnd(BacktraceEndKind.BadReturnAddress, pc);
        else
            return new StackFrame(new FrameAddress(pc, isReturnAddress), registers, null, origin);

        return null;
    }

    private static bool TryMapColumn(UnwindRow row, int number, out X64Register register)
    {
        if (number != row.ReturnAddressRegister)
            return DwarfRegisters.TryMap(number, out register);

        register = X64Register.Rip;
        return true;
    }

    /// <summary>A caller's registers as far as a function leaves them alone.</summary>
    private static RegisterSet CopyPreserved(RegisterSet registers)
    {
        RegisterSet copy = registers.Copy();
        for (var register = X64Register.Rax; register <= X64Register.R15; register++)
        {
            if (DwarfRegisters.IsVolatile(register))
                copy[register] = null;
        }

        copy[X64Register.Rflags] = null;
        return copy;
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

    /// <summary>Whether a frame came up before. Only a stack pointer that did not grow can have been met.</summary>
    private static bool HasCycle(List<StackFrame> frames, StackFrame caller, ref ulong highest)
    {
        if (!caller.Registers.TryGet(X64Register.Rsp, out ulong sp))
            return false;

        if (frames.Count == 1)
            highest = frames[0].Registers[X64Register.Rsp] ?? 0;

        if (sp > highest)
        {
            highest = sp;
            return false;
        }

        foreach (StackFrame frame in frames)
        {
            if (frame.Address.Value == caller.Address.Value && frame.Registers[X64Register.Rsp] == sp)
                return true;
        }

        return false;
    }
}
