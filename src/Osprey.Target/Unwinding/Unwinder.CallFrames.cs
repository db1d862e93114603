using Osprey.Binary.Dwarf.Frame;
using Osprey.Target.Architectures;

namespace Osprey.Target.Unwinding;

/// <content>The step by call frame information.</content>
public sealed partial class Unwinder
{
    /// <summary>
    /// Finds the rules of the code that is jumped to from an address without rules; it may be in another module.
    /// </summary>
    private UnwindRow? FindRowBehindJump(ulong pc, ref UnwindModule module)
    {
        if (
            _recognizer?.FollowJump(pc, address => _modules.FindModule(address)?.FindRow(address) is not null)
                is not { } target
            || _modules.FindModule(target) is not { } found
        )
        {
            return null;
        }

        module = found;
        return found.FindRow(target);
    }

    private StackFrame? StepByRules(UnwindModule module, UnwindRow row, StackFrame frame, ulong cfa)
    {
        RegisterSet old = frame.Registers;
        RegisterSet registers = old.Copy();
        registers.Forget(Architecture.ClobberedMask);
        registers[Architecture.ProgramCounter] = null;
        registers.Set(Architecture.StackPointer, cfa);

        bool hasReturnAddress = false;
        foreach (ref readonly FrameRegister column in row.Registers)
        {
            bool isReturnAddress = column.Number == row.ReturnAddressRegister;
            Register? register = isReturnAddress
                ? Architecture.ProgramCounter
                : Architecture.FindDwarfRegister(column.Number);
            if (register is null)
                continue;

            ulong? value = null;
            if (_rules!.TryApply(module, column.Rule, old, column.Number, cfa, out ulong found, out string? problem))
                value = found;

            if (isReturnAddress)
            {
                if (column.Rule.Kind == RegisterRuleKind.Undefined)
                {
                    _end = new BacktraceEnd(BacktraceEndKind.Outermost, frame.Address.Value);
                    return null;
                }

                hasReturnAddress = true;
                if (value is null)
                {
                    _end = problem is null
                        ? new BacktraceEnd(BacktraceEndKind.UnreadableStack, unchecked(cfa + (ulong)column.Rule.Value))
                        : new BacktraceEnd(BacktraceEndKind.UnknownRule, frame.Address.Value, problem);
                    return null;
                }

                if (Architecture.ReturnAddress is { } link)
                    registers[link] = value;
            }

            registers[register] = value;
        }

        if (!hasReturnAddress && !TakeLink(frame, registers))
        {
            _end = new BacktraceEnd(BacktraceEndKind.Outermost, frame.Address.Value);
            return null;
        }

        return MakeCaller(registers, !row.IsSignalFrame, FrameOrigin.CallFrameInformation);
    }

    /// <summary>Takes the return address of a leaf function from the register that the call put it into.</summary>
    private bool TakeLink(StackFrame frame, RegisterSet registers)
    {
        if (
            frame.Address.IsReturnAddress
            || Architecture.ReturnAddress is not { } link
            || !frame.Registers.TryGet(link, out ulong address)
        )
            return false;

        registers.Set(Architecture.ProgramCounter, address);
        return true;
    }
}
