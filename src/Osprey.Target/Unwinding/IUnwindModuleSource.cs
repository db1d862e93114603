using Osprey.Target.Unwinding.Rules;

namespace Osprey.Target.Unwinding;

/// <summary>Knows which code is where, for unwinding.</summary>
public interface IUnwindModuleSource
{
    /// <summary>The module at a run-time address; null when nothing is known there.</summary>
    UnwindModule? FindModule(ulong address);

    /// <summary>The rules of the operating system; null when it has none.</summary>
    IUnwindRuleSource? Rules => null;
}
