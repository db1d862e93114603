namespace Osprey.Dap.Protocol.Requests;

/// <summary>The client's own properties.</summary>
internal sealed record InitializeArguments
{
    /// <summary>Tells whether its lines count from 1; so when left out.</summary>
    public bool? LinesStartAt1 { get; init; }

    /// <summary>"path" or "uri".</summary>
    public string? PathFormat { get; init; }

    /// <summary>Tells whether it asks for variables in pages.</summary>
    public bool? SupportsVariablePaging { get; init; }

    /// <summary>Tells whether it understands references to memory.</summary>
    public bool? SupportsMemoryReferences { get; init; }
}
