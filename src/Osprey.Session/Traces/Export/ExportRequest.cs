using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Exports.Profiles;

namespace Osprey.Session.Traces.Export;

/// <summary>How a trace is to be written.</summary>
/// <param name="Format">The form.</param>
/// <param name="Scope">What counts of the trace.</param>
/// <param name="Symbols">Names the frames of stacks.</param>
public sealed record ExportRequest(ExportFormat Format, AnalysisScope Scope, StackSymbols Symbols)
{
    /// <summary>What a profile is made of.</summary>
    public ProfileSource Source { get; init; }

    /// <summary>What a profile is grouped by.</summary>
    public ProfileGrouping Grouping { get; init; }

    /// <summary>What the viewer shows as the trace's name.</summary>
    public string Title { get; init; } = "trace";

    /// <summary>Nanoseconds since 1970 at guest time 0.</summary>
    public ulong StartTime { get; init; }

    /// <summary>Where samples may wait that can't be written yet.</summary>
    public string SpoolFolder { get; init; } = Path.GetTempPath();
}
