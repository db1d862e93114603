using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Exports.Profiles;
using Osprey.Traces.Network;

namespace Osprey.Session.Traces.Export;

/// <summary>The way in which a trace is written.</summary>
/// <param name="Format">The form.</param>
/// <param name="Scope">What counts of the trace.</param>
/// <param name="Symbols">Names the frames of stacks.</param>
public sealed record ExportRequest(ExportFormat Format, AnalysisScope Scope, StackSymbols Symbols)
{
    /// <summary>The events that a profile is made of.</summary>
    public ProfileSource Source { get; init; }

    /// <summary>The unit that a profile is grouped by.</summary>
    public ProfileGrouping Grouping { get; init; }

    /// <summary>The name of the trace that the viewer shows.</summary>
    public string Title { get; init; } = "trace";

    /// <summary>Nanoseconds since 1970 at guest time 0.</summary>
    public ulong StartTime { get; init; }

    /// <summary>The samples of packets that are written.</summary>
    public PacketChoice Packets { get; init; } = PacketChoice.OnePerPacket;

    /// <summary>The stream that holds samples which cannot be written yet.</summary>
    public string SpoolFolder { get; init; } = Path.GetTempPath();
}
