namespace Osprey.Dap.Protocol.Bodies;

/// <summary>Memory.</summary>
internal sealed record ReadMemoryBody
{
    /// <summary>The address of its first byte.</summary>
    public string Address { get; init; } = "";

    /// <summary>The number of bytes behind it that can't be read.</summary>
    public long? UnreadableBytes { get; init; }

    /// <summary>The bytes in base64.</summary>
    public string? Data { get; init; }
}
