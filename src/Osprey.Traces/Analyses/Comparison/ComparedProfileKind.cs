namespace Osprey.Traces.Analyses.Comparison;

/// <summary>The events that a compared profile is of.</summary>
public enum ComparedProfileKind
{
    /// <summary>All samples, by how often each stack was met.</summary>
    Hits,

    /// <summary>The time that threads wait.</summary>
    Wait,

    /// <summary>The time that threads wait for mutexes.</summary>
    Lock,

    /// <summary>The time of timed pairs.</summary>
    Timed,
}
