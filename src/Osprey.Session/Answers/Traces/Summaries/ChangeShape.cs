using Osprey.Traces.Analyses.Comparison;

namespace Osprey.Session.Answers.Traces.Summaries;

/// <summary>The columns of a number in two traces.</summary>
internal static class ChangeShape
{
    /// <summary>The columns.</summary>
    public static Shape<Change> Shape { get; } =
        new Shape<Change>("changes")
            .Number("a", change => change.A)
            .Number("b", change => change.B)
            .Number("delta", change => change.Delta)
            .Number("ratio", change => change.Ratio);
}
