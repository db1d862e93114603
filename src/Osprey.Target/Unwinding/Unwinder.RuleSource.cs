using Osprey.Target.Unwinding.Rules;

namespace Osprey.Target.Unwinding;

/// <content>The step by rules that an operating system knows.</content>
public sealed partial class Unwinder
{
    /// <summary>Steps to the caller by a rule of the operating system.</summary>
    /// <param name="rule">The rule for the frame's code.</param>
    /// <param name="frame">The frame; it gets its CFA.</param>
    /// <param name="caller">The caller; null when there is none, with the reason noted.</param>
    /// <param name="problem">The reason why the rule gives no caller; null when there is none.</param>
    /// <returns>False when the rule gives no caller.</returns>
    private bool TryStepByRule(UnwindRule rule, ref StackFrame frame, out StackFrame? caller, out string? problem)
    {
        caller = null;
        problem = null;
        if (rule.Base is null)
        {
            _end = new BacktraceEnd(BacktraceEndKind.Outermost, frame.Address.Value);
            return true;
        }

        RuleStep step = RuleStep.Apply(rule, frame.Registers, _memory);
        if (step.Problem is not null)
        {
            problem = step.Problem;
            return false;
        }

        if (step.Registers is not { } registers)
        {
            _end = new BacktraceEnd(BacktraceEndKind.UnreadableStack, step.UnreadableAddress ?? 0);
            return true;
        }

        frame = frame with { CanonicalFrameAddress = step.CanonicalFrameAddress };
        if (_modules.Rules?.DescribeOutside(registers) is { } outside)
            _end = new BacktraceEnd(BacktraceEndKind.Outermost, registers.ProgramCounter ?? 0, outside);
        else
            caller = MakeCaller(registers, rule.IsReturnAddress, FrameOrigin.UnwindTable);

        return true;
    }
}
