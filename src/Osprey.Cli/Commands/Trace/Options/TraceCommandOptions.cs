using System.CommandLine;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>The groups of options that a command over a trace has.</summary>
internal sealed record TraceCommandOptions(SourceOptions Source)
{
    public TimeOptions? Time { get; init; }

    /// <summary>Gets whether the reference takes the time options without looking at them.</summary>
    public bool IgnoresTimeInCompat { get; init; }

    /// <summary>Finds a trace that an option in front of it took as its own value; null when there is none.</summary>
    public Func<ParseResult, string?> FindStrayPath { get; init; } = _ => null;

    public FilterOptions? Filter { get; init; }

    public SymbolOptions? Symbols { get; init; }

    /// <summary>
    /// Says whether this run of the command looks at symbols; the ELF file is not opened otherwise.
    /// </summary>
    public Func<ParseResult, bool> NeedsSymbols { get; init; } = _ => true;
}
