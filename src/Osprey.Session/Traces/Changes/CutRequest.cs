using Osprey.Session.Traces.Names;
using Osprey.Traces.Analyses;

namespace Osprey.Session.Traces.Changes;

/// <summary>The way in which a smaller trace is cut out of one.</summary>
public sealed record CutRequest
{
    /// <summary>The path that stands for standard output.</summary>
    public const string StandardOutput = "-";

    /// <summary>The path of the smaller trace.</summary>
    public required string OutputPath { get; init; }

    /// <summary>The stretch of time that is kept.</summary>
    public TimeRange Range { get; init; } = TimeRange.All;

    /// <summary>The samples that are kept.</summary>
    public SampleFilter Filter { get; init; } = SampleFilter.None;

    /// <summary>Tells whether exits are kept whose entries are.</summary>
    public bool KeepsPairs { get; init; }

    /// <summary>The sources of the names for the symbols file; null for no such file.</summary>
    public SymbolSettings? Symbols { get; init; }
}
