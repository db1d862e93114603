using Osprey.Binary;

namespace Osprey.Symbols;

/// <summary>The way symbols are found and shown.</summary>
public sealed record SymbolizerOptions
{
    /// <summary>The options used where no others are given.</summary>
    public static SymbolizerOptions Default { get; } = new();

    /// <summary>
    /// True to give the whole chain of inlined functions for an address; false for the innermost one only.
    /// </summary>
    public bool InlinedFrames { get; init; } = true;

    /// <summary>True to make C++ names readable.</summary>
    public bool Demangle { get; init; } = true;

    /// <summary>Folders with the layout of <c>/usr/lib/debug</c>, searched before that one.</summary>
    public IReadOnlyList<string> DebugDirectories { get; init; } = [];

    /// <summary>
    /// The folder of a copy of the guest's file system, in which files of guest modules are looked for; null when there
    /// is none.
    /// </summary>
    public string? Sysroot { get; init; }

    /// <summary>True to keep an index of each module on disk between runs.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>The folder of those indexes; null for <c>$XDG_CACHE_HOME/osprey</c>.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>Limits on what files may declare.</summary>
    public ParseLimits Limits { get; init; } = ParseLimits.Default;
}
