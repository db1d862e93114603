using Osprey.Guests;
using Osprey.Guests.Tracepoints;
using Osprey.Session.Guests;
using Osprey.Session.Traces.Rings;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Tracepoints;

/// <summary>The answer to: which tracepoints has the kernel, and how many samples of each are in its buffers.</summary>
public static class TracepointsAnswer
{
    /// <summary>Lists the tracepoints by name.</summary>
    /// <exception cref="TargetException">The kernel is not known, or has no tracepoints.</exception>
    public static GuestList<GuestTracepoint> Ask(GuestSession session, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        GuestList<GuestTracepoint> list = session
            .RequireAbility<IGuestTracepoints>("its tracepoints can't be listed")
            .ReadTracepoints(session.Kernel, cancellation);
        var defects = list.Defects.ToList();
        RingCounts? counts = Count(session, defects, cancellation);
        return new GuestList<GuestTracepoint>(
            [
                .. list
                    .Items.Select(item => item with { Samples = counts?.CountOf(item.Address) })
                    .OrderBy(item => item.Name, StringComparer.Ordinal),
            ],
            defects
        );
    }

    private static RingCounts? Count(GuestSession session, List<string> defects, CancellationToken cancellation)
    {
        try
        {
            var rings = GuestRings.Of(session, startsAtNewest: false, cancellation);
            var counts = new RingCounts(rings);
            IReadOnlyList<string> strange = counts.ReadOnce(cancellation);
            defects.AddRange(rings.Defects.Concat(strange).Where(defect => !defects.Contains(defect)));
            return counts;
        }
        catch (TargetException exception)
        {
            if (exception.Problem != TargetProblem.NotConfigured)
                defects.Add($"samples were not counted: {exception.Message}");

            return null;
        }
    }
}
