using Osprey.Debug.Breakpoints;

namespace Osprey.Debug.Faults;

/// <summary>Calls that fail, in one guest.</summary>
public sealed class Fault
{
    internal Fault(FaultRule rule, ulong value, DebugBreakpoint entry) => (Rule, Value, Entry) = (rule, value, entry);

    /// <summary>The user's wishes.</summary>
    public FaultRule Rule { get; }

    /// <summary>The line of the script that began it, from 1.</summary>
    public int Line { get; internal init; }

    /// <summary>The value that is returned.</summary>
    public ulong Value { get; }

    /// <summary>The breakpoint at the function's first instruction, which counts the calls.</summary>
    public DebugBreakpoint Entry { get; }

    /// <summary>The number of calls that failed.</summary>
    public long Failed { get; internal set; }
}
