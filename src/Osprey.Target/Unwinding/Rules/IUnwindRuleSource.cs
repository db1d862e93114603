using Osprey.Target.Architectures;

namespace Osprey.Target.Unwinding.Rules;

/// <summary>
/// Knows how code keeps its caller where no file has call frame information: an operating system whose kernel has a
/// table for that in memory.
/// </summary>
public interface IUnwindRuleSource
{
    /// <summary>The reason why it knows less than it might; null when there is none.</summary>
    string? Problem { get; }

    /// <summary>Finds the rule for an address in code; null when it knows nothing of that code.</summary>
    /// <param name="address">The address of an instruction that was executing, not of the one behind it.</param>
    UnwindRule? FindRule(ulong address);

    /// <summary>Lists all that is known, by ranges of code: those of a program in order, without gaps.</summary>
    IEnumerable<UnwindRange> ListRanges();

    /// <summary>
    /// Tells in words why a caller does not belong to the stack any more, such as a program that made a system call;
    /// null when it belongs to it.
    /// </summary>
    /// <param name="caller">The registers of the caller that a rule led to.</param>
    string? DescribeOutside(RegisterSet caller);
}
