namespace Osprey.Dap.Protocol.Types;

/// <summary>A program of the guest.</summary>
internal sealed record DapModule
{
    /// <summary>Its address.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its short name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its path.</summary>
    public string? Path { get; init; }

    /// <summary>The state of its symbols, in words.</summary>
    public string? SymbolStatus { get; init; }

    /// <summary>Its addresses.</summary>
    public string? AddressRange { get; init; }
}
