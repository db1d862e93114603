namespace Osprey.Session.Answers.Traces.Profiles;

/// <summary>A folded stack.</summary>
/// <param name="Stack">The frames, outermost first, with semicolons between.</param>
/// <param name="Hits">The number of samples.</param>
public readonly record struct FoldedRow(string Stack, long Hits)
{
    /// <summary>The columns.</summary>
    public static Shape<FoldedRow> Shape { get; } =
        new Shape<FoldedRow>("stacks").Texts("frames", row => row.Stack.Split(';')).Integer("hits", row => row.Hits);
}
