using Osprey.Binary.Dwarf;
using Osprey.Binary.Dwarf.Expression;
using Osprey.Binary.Dwarf.Frame;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;

namespace Osprey.Target.Unwinding;

/// <summary>Computes what the rules of call frame information say of a caller's registers.</summary>
/// <param name="architecture">The architecture of the registers.</param>
/// <param name="memory">The guest's memory, as the stack's address space has it.</param>
internal sealed class FrameRules(Architecture architecture, IMemoryReader memory)
{
    // Made when the first expression comes: most stacks have none, and each of thousands has rules of its own.
    private FrameRuleContext? _context;
    private ExpressionMachine? _machine;

    /// <summary>Computes the canonical frame address of a frame; where that fails, the problem is the reason.</summary>
    public bool TryGetCfa(UnwindModule module, UnwindRow row, RegisterSet registers, out ulong cfa, out string? problem)
    {
        cfa = 0;
        problem = "there is no rule for its frame";
        CfaRule rule = row.Cfa;
        if (!rule.IsDefined)
            return false;

        if (rule.Register < 0)
            return TryEvaluate(module, rule.Expression, registers, null, out cfa, out problem);

        if (!TryGetOld(registers, rule.Register, out ulong value, out problem))
            return false;

        cfa = unchecked(value + (ulong)rule.Offset);
        return true;
    }

    /// <summary>
    /// Computes a register of the caller. Where that fails, the problem is the reason, or null where memory at the CFA
    /// plus the rule's offset can't be read.
    /// </summary>
    public bool TryApply(
        UnwindModule module,
        in RegisterRule rule,
        RegisterSet old,
        int column,
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
                return architecture.TryReadPointer(memory, unchecked(cfa + (ulong)rule.Value), out value);
            case RegisterRuleKind.ValueOffset:
                value = unchecked(cfa + (ulong)rule.Value);
                return true;
            case RegisterRuleKind.SameValue:
                return TryGetOld(old, column, out value, out problem);
            case RegisterRuleKind.Register:
                return TryGetOld(old, (int)rule.Value, out value, out problem);
            case RegisterRuleKind.ValueExpression:
                return TryEvaluate(module, rule.Expression, old, cfa, out value, out problem);
            case RegisterRuleKind.Expression:
                if (!TryEvaluate(module, rule.Expression, old, cfa, out ulong address, out problem))
                    return false;

                problem = $"memory at 0x{address:x} can't be read";
                return architecture.TryReadPointer(memory, address, out value);
            default:
                problem = "its rule is not known";
                return false;
        }
    }

    private bool TryGetOld(RegisterSet old, int number, out ulong value, out string? problem)
    {
        value = 0;
        Register? register = architecture.FindDwarfRegister(number);
        bool isKnown = register is not null && old.TryGet(register, out value);
        problem = isKnown ? null : $"{register?.Name ?? $"register {number}"} is not known";
        return isKnown;
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
        _context ??= new FrameRuleContext(memory);
        _context.Registers = registers;
        _context.Bias = module.Bias;
        _machine ??= new ExpressionMachine(new UnitEncoding(4, (byte)architecture.PointerSize, 4));
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
}
