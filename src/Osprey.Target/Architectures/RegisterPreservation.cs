namespace Osprey.Target.Architectures;

/// <summary>What a function call does to a register.</summary>
public enum RegisterPreservation
{
    /// <summary>Calls have nothing to do with it, as with control registers.</summary>
    Unaffected,

    /// <summary>A function that changes it puts its value back before it returns.</summary>
    Preserved,

    /// <summary>A function may change it.</summary>
    Clobbered,
}
