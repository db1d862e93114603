namespace Osprey.Dap.Protocol.Requests;

/// <summary>What the client is like.</summary>
internal sealed record InitializeArguments
{
    /// <summary>Whether its lines count from 1; so when left out.</summary>
    public bool? LinesStartAt1 { get; init; }

    /// <summary>"path" or "uri".</summary>
    public string? PathFormat { get; init; }

    /// <summary>Whether it asks for variables in pages.</summary>
    public bool? SupportsVariablePaging { get; init; }

    /// <summary>Whether it understands references to memory.</summary>
    public bool? SupportsMemoryReferences { get; init; }
}
