namespace Osprey.Dap.Protocol.Requests;

/// <summary>The memory that is to be written.</summary>
internal sealed record WriteMemoryArguments
{
    /// <summary>Its address.</summary>
    public string? MemoryReference { get; init; }

    /// <summary>Bytes to add to it.</summary>
    public long? Offset { get; init; }

    /// <summary>The bytes in base64.</summary>
    public string? Data { get; init; }
}
