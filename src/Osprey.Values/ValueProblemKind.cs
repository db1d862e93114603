namespace Osprey.Values;

/// <summary>The kinds of reasons why a value is not available.</summary>
public enum ValueProblemKind
{
    /// <summary>The guest's memory cannot be read there.</summary>
    Unreadable,

    /// <summary>The program does not store the value, or debug info does not say where.</summary>
    OptimizedOut,

    /// <summary>The value exists, but its place depends on something unknown: a register or a thread.</summary>
    NotKnown,

    /// <summary>The value has no bytes: its type is only declared, or it is void.</summary>
    NoSize,
}
