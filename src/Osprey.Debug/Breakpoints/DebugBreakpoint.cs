using Osprey.Symbols;
using Osprey.Target.Execution;

namespace Osprey.Debug.Breakpoints;

/// <summary>
/// A breakpoint as a user sees it: one thing, although it may stand in many places, such as the copies of an inlined
/// function.
/// </summary>
public sealed class DebugBreakpoint
{
    internal DebugBreakpoint(int number, BreakpointSettings settings)
    {
        Number = number;
        Settings = settings;
    }

    /// <summary>Its number, from 1; none is given twice in a session.</summary>
    public int Number { get; }

    /// <summary>The user's wishes.</summary>
    public BreakpointSettings Settings { get; }

    /// <summary>Its places; none as long as it waits for a module that has it.</summary>
    public IReadOnlyList<CodePlace> Places { get; internal set; } = [];

    /// <summary>True when no place is known yet: it is looked for again at each stop.</summary>
    public bool IsPending => Places.Count == 0;

    /// <summary>The reason why it has no place, or not all of its places stop; null when there is none.</summary>
    public string? Problem { get; internal set; }

    /// <summary>The hits so far that its thread, vCPU and condition let count.</summary>
    public long Hits { get; internal set; }

    /// <summary>The bytes of memory that are watched; 0 for code, or when no place is known.</summary>
    public int WatchedSize => Inserted.Find(one => !one.IsInstruction).Size;

    /// <summary>True when it does not count; it stays where it is.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>The places where its condition names no variable of the function.</summary>
    internal HashSet<ulong> NamesNoVariables { get; } = [];

    /// <summary>The breakpoints or watchpoints that are in the guest for it.</summary>
    internal List<Breakpoint> Inserted { get; } = [];
}
