namespace Osprey.Traces.Semantics;

/// <summary>The ends of a pair.</summary>
public enum PairRole : byte
{
    /// <summary>Neither end of a pair.</summary>
    None,

    /// <summary>The begin of something that takes time.</summary>
    Entry,

    /// <summary>Its end.</summary>
    Exit,
}
