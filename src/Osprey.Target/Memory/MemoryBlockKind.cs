namespace Osprey.Target.Memory;

/// <summary>Kinds of memory that a guest sees.</summary>
public enum MemoryBlockKind
{
    /// <summary>Memory that the guest may write.</summary>
    Ram,

    /// <summary>Firmware and the like.</summary>
    Rom,

    /// <summary>The input does not tell, as in core files.</summary>
    Unknown,
}
