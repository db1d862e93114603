using Osprey.Rest.Tracepoints;
using Osprey.Session.Answers;

namespace Osprey.Cli.Commands.Rest.Answers;

/// <summary>The columns of what a command did to tracepoints.</summary>
internal static class TracepointChangeShape
{
    public static Shape<TracepointChange> Shape { get; } =
        new Shape<TracepointChange>("changes")
            .Text("name", change => change.Name)
            .Boolean("changed", change => change.Changed)
            .Record("previous", change => change.Previous, TracepointStateShape.Shape)
            .Record("current", change => change.Current, TracepointStateShape.Shape);
}
