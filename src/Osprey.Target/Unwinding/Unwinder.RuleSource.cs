using Osprey.Target.Unwinding.Rules;

namespace Osprey.Target.Unwinding;

/// <content>The step by rules that an operating system knows.</content>
public sealed partial class Unwinder
{
    /// <summary>
    /// Steps from code that a call led to although its rule says that a stack begins there. Kernels say so of the code
    /// that their indirect calls jump through as well. Only what was interrupted can be in it.
    /// </summary>
    private StackFrame? StepFromJumpCode(ref StackFrame frame, UnwindModule? module) =>
        _options.UseFramePointers
        && !frame.Address.IsReturnAddress
        && frame.Registers.TryGet(Architecture.StackPointer, out ulong sp)
        && _recognizer?.FindByInstructions(frame, sp, module) is { } entered
            ? StepTo(entered, ref frame)
            : null;

    /// <summary>
    /// The rule of code that no call led to: a new thread's stack has the beginning of a function where others have the
    /// address behind a call. What lies before it is padding, which has no rule.
    /// </summary>
    /// <param name="frame">The frame; when there is such a rule, its address is no longer one behind a call.</param>
    private UnwindRule? FindRuleOfBeginning(ref StackFrame frame)
    {
        UnwindRule? rule = _modules.Rules?.FindRule(frame.Address.Value);
        if (rule is not null)
            frame = frame with { Address = frame.Address with { IsReturnAddress = false } };

        return rule;
    }

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
