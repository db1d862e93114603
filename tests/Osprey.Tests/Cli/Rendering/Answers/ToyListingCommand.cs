using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Session.Answers;

namespace Osprey.Tests.Cli.Rendering.Answers;

/// <summary>A listing command as someone would add it: the question, the columns, the command.</summary>
internal static class ToyListingCommand
{
    public static Command Create() =>
        ListingCommand.Complete(
            new DocumentedCommand("planets", "List the planets", "osprey planets --csv"),
            () => Planet.Shape,
            Planet.List,
            whenEmpty: "no planet is in sight"
        );

    private sealed record Planet(string Name, ulong Distance, bool HasRings)
    {
        public static Shape<Planet> Shape { get; } =
            new Shape<Planet>("planets")
                .Text("name", planet => planet.Name)
                .Size("distance", planet => planet.Distance)
                .Boolean("hasRings", planet => planet.HasRings);

        public static IEnumerable<Planet> List(QuestionContext context)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            yield return new Planet("Mars", 228, HasRings: false);
            yield return new Planet("Saturn", 1434 << 10, HasRings: true);
        }
    }
}
