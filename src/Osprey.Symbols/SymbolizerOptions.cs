using Osprey.Binary;

namespace Osprey.Symbols;

/// <summary>How symbols are found and shown.</summary>
public sealed record SymbolizerOptions
{
    /// <summary>The options used where no others are given.</summary>
    public static SymbolizerOptions Default { get; } = new();

    /// <summary>Whether an address gives the whole chain of inlined functions, or only the innermost one.</summary>
    public bool InlinedFrames { get; init; } = true;

    /// <summary>Whether C++ names are made readable.</summary>
    public bool Demangle { get; init; } = true;

    /// <summary>Folders that are laid out like <c>/usr/lib/debug</c>, searched before that.</summary>
    public IReadOnlyList<string> DebugDirectories { get; init; } = [];

    /// <summary>
    /// A copy of the guest's file system: paths of guest modules are looked for below it. Null when there is none.
    /// </summary>
    public string? Sysroot { get; init; }

    /// <summary>Whether an index of each module is kept on disk between runs.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>The folder of those indexes; null for <c>$XDG_CACHE_HOME/osprey</c>.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>Bounds on what files may declare.</summary>
    public ParseLimits Limits { get; init; } = ParseLimits.Default;
}
