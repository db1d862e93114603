using Osprey.Rest.Connection;
using Osprey.Rest.Tracepoints;
using Osprey.Session.Answers;

namespace Osprey.Cli.Commands.Rest.Answers;

/// <summary>A running guest with its tracepoints.</summary>
/// <param name="Guest">The guest.</param>
/// <param name="Tracepoints">The tracepoints that are shown.</param>
internal sealed record StatusAnswer(GuestSummary Guest, IReadOnlyList<TracepointState> Tracepoints)
{
    private static readonly Shape<TracepointState> s_tracepoint = new Shape<TracepointState>("tracepoints")
        .Text("name", state => state.Name)
        .Include(state => state, TracepointStateShape.Shape);

    public static Shape<StatusAnswer> Shape { get; } =
        new Shape<StatusAnswer>("guests")
            .Text("url", answer => answer.Guest.Url)
            .Text("version", answer => answer.Guest.OsVersion)
            .Integer("cpus", answer => answer.Guest.ProcessorCount)
            .Records("tracepoints", answer => answer.Tracepoints, () => s_tracepoint);
}
