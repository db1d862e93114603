namespace Osprey.Dap.Protocol.Bodies;

/// <summary>Memory.</summary>
internal sealed record ReadMemoryBody
{
    /// <summary>Where it begins.</summary>
    public string Address { get; init; } = "";

    /// <summary>How many bytes behind it can't be read.</summary>
    public long? UnreadableBytes { get; init; }

    /// <summary>The bytes in base64.</summary>
    public string? Data { get; init; }
}
