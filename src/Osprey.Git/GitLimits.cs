namespace Osprey.Git;

/// <summary>Limits on what a repository may declare. A repository that exceeds one is malformed.</summary>
public sealed record GitLimits
{
    /// <summary>The limits used where no others are given.</summary>
    public static GitLimits Default { get; } = new();

    /// <summary>Largest object in bytes, deltas applied. Files of 100 MB are already rare in repositories.</summary>
    public int MaxObjectSize
    {
        get;
        init => field = RequirePositive(value);
    } = 1 << 30;

    /// <summary>Longest chain of deltas. Git itself writes 4,095 at most.</summary>
    public int MaxDeltaDepth
    {
        get;
        init => field = RequirePositive(value);
    } = 10_000;

    /// <summary>Most packs in one folder of objects. Git warns about more than 50.</summary>
    public int MaxPacks
    {
        get;
        init => field = RequirePositive(value);
    } = 20_000;

    /// <summary>Most folders of objects that alternates may add, all levels together.</summary>
    public int MaxAlternates
    {
        get;
        init => field = RequirePositive(value);
    } = 100;

    /// <summary>Deepest nesting of alternates. Git follows 5 levels.</summary>
    public int MaxAlternateDepth
    {
        get;
        init => field = RequirePositive(value);
    } = 5;

    /// <summary>Longest chain of symbolic references. Git follows 5.</summary>
    public int MaxSymbolicReferences
    {
        get;
        init => field = RequirePositive(value);
    } = 5;

    /// <summary>Longest chain of tags that point to tags.</summary>
    public int MaxTagDepth
    {
        get;
        init => field = RequirePositive(value);
    } = 100;

    /// <summary>Most commits that one <c>~N</c> may go back.</summary>
    public int MaxAncestors
    {
        get;
        init => field = RequirePositive(value);
    } = 100_000;

    /// <summary>Most objects that an abbreviated name is compared with before it counts as ambiguous.</summary>
    public int MaxCandidates
    {
        get;
        init => field = RequirePositive(value);
    } = 1_000;

    /// <summary>Largest text file of a repository (config, packed-refs, alternates) in bytes.</summary>
    public int MaxTextSize
    {
        get;
        init => field = RequirePositive(value);
    } = 256 << 20;

    /// <summary>Bytes of objects that are kept, since others may be deltas of them.</summary>
    public int MaxCacheSize
    {
        get;
        init => field = RequirePositive(value);
    } = 96 << 20;

    private static int RequirePositive(int value) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
}
