namespace Osprey.Session.Traces.Names;

/// <summary>The sources of names for addresses that the user asked for.</summary>
public sealed record SymbolSettings
{
    /// <summary>Show addresses as they are.</summary>
    public bool NoResolve { get; init; }

    /// <summary>Use the symbols file beside the trace.</summary>
    public bool UseSymbolsFile { get; init; }

    /// <summary>The ELF file to use; null when the user named none.</summary>
    public string? ElfPath { get; init; }

    /// <summary>The ELF file to use when none was named and it exists; null for none.</summary>
    public string? DefaultElfPath { get; init; }

    /// <summary>True when the user asked for the default ELF file, so that it must exist.</summary>
    public bool RequiresDefaultElf { get; init; }

    /// <summary>Show functions only, not what was inlined into them.</summary>
    public bool NoInlines { get; init; }

    /// <summary>Application objects, each <c>PATH@BASE</c>.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>A folder with the guest's files, for the modules that a dump names; null for none.</summary>
    public string? Sysroot { get; init; }

    /// <summary>Leave the index on disk alone.</summary>
    public bool NoCache { get; init; }
}
