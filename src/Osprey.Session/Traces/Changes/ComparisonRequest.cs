using Osprey.Session.Traces.Names;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Comparison;
using Osprey.Traces.Analyses.Profiles;

namespace Osprey.Session.Traces.Changes;

/// <summary>The way in which two traces are compared.</summary>
public sealed record ComparisonRequest
{
    /// <summary>The stretch of time that counts in both.</summary>
    public TimeRange Range { get; init; } = TimeRange.All;

    /// <summary>Tells whether the range begins at each trace's own first time.</summary>
    public bool IsRelative { get; init; }

    /// <summary>The samples that count in both.</summary>
    public SampleFilter Filter { get; init; } = SampleFilter.None;

    /// <summary>Tells whether counts and sums are compared as they are, and not per second of the traces.</summary>
    public bool IsAbsolute { get; init; }

    /// <summary>Leave out what both traces have fewer times.</summary>
    public long MinCount { get; init; }

    /// <summary>The profile to compare; null for none.</summary>
    public ComparedProfile? Profile { get; init; }

    /// <summary>The way in which backtraces become the profile's tree.</summary>
    public ProfileTreeOptions Tree { get; init; } = new();

    /// <summary>The parts of a frame that are shown; nodes are the same when their texts are.</summary>
    public FrameTextOptions FrameText { get; init; } = new();

    /// <summary>The sources of the first trace's names.</summary>
    public SymbolSettings SymbolsA { get; init; } = new();

    /// <summary>The sources of the second trace's names.</summary>
    public SymbolSettings SymbolsB { get; init; } = new();
}
