namespace Osprey.Traces.Analyses.Profiles;

/// <summary>The way in which backtraces become a tree.</summary>
public sealed record ProfileTreeOptions
{
    /// <summary>Tells whether callers come first, so that the tree grows from the outermost frame inwards.</summary>
    public bool CallerOriented { get; init; }

    /// <summary>Keep only backtraces through this function, from it on; null for all.</summary>
    public string? Function { get; init; }

    /// <summary>Levels below the root to keep; 0 for all, negative for none.</summary>
    public int MaxLevels { get; init; }

    /// <summary>Tells whether to follow the reference: a function at the innermost frame drops the sample.</summary>
    public bool IsCompat { get; init; }
}
