namespace Osprey.Values;

/// <summary>Why a value can't be had.</summary>
public enum ValueProblemKind
{
    /// <summary>The guest's memory can't be read there.</summary>
    Unreadable,

    /// <summary>The program does not keep it, or debug info does not say where.</summary>
    OptimizedOut,

    /// <summary>It is somewhere, but what is needed to get there is not known: a register, a thread.</summary>
    NotKnown,

    /// <summary>The value has no bytes: its type is only declared, or it is void.</summary>
    NoSize,
}
