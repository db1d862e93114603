namespace Osprey.Dap.Protocol.Types;

/// <summary>A source file.</summary>
internal sealed record DapSource
{
    /// <summary>Its short name.</summary>
    public string? Name { get; init; }

    /// <summary>Its path.</summary>
    public string? Path { get; init; }

    /// <summary>The number that its text is asked for by; null when the client is to read the path.</summary>
    public int? SourceReference { get; init; }

    /// <summary>The place that its text is from, in words.</summary>
    public string? Origin { get; init; }
}
