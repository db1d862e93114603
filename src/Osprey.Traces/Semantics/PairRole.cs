namespace Osprey.Traces.Analyses.Pairs;

/// <summary>What a sample is to the pairs of a trace.</summary>
public enum PairRole : byte
{
    /// <summary>Neither end of a pair.</summary>
    None,

    /// <summary>The begin of something that takes time.</summary>
    Entry,

    /// <summary>Its end.</summary>
    Exit,
}
