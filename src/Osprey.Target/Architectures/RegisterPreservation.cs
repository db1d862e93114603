namespace Osprey.Target.Architectures;

/// <summary>The effect of a function call on a register.</summary>
internal enum RegisterPreservation
{
    /// <summary>Calls have nothing to do with it, as with control registers.</summary>
    Unaffected,

    /// <summary>A function that changes it puts its value back before it returns.</summary>
    Preserved,

    /// <summary>A function may change it.</summary>
    Clobbered,
}
