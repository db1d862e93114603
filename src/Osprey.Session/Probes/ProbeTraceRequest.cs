using Osprey.Probes;

namespace Osprey.Session.Probes;

/// <summary>What is to be traced.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Patterns">The probes.</param>
public sealed record ProbeTraceRequest(int ProcessId, IReadOnlyList<ProbePattern> Patterns)
{
    /// <summary>Where the names of arguments come from.</summary>
    public ProbeNameSettings Names { get; init; } = new();

    /// <summary>The way to trace.</summary>
    public ProbeBackendKind Backend { get; init; }

    /// <summary>True to find the stack of each hit.</summary>
    public bool WithStacks { get; init; }

    /// <summary>True to find names for addresses, for a recording.</summary>
    public bool WithSymbols { get; init; }
}
