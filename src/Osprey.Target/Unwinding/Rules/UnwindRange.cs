namespace Osprey.Target.Unwinding.Rules;

/// <summary>A range of code that one rule holds for.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The first address behind it.</param>
/// <param name="Rule">The rule; null when none is known.</param>
public readonly record struct UnwindRange(ulong Start, ulong End, UnwindRule? Rule);
