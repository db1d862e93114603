namespace Osprey.Dap.Protocol.Requests;

/// <summary>The memory that is wanted.</summary>
internal sealed record ReadMemoryArguments
{
    /// <summary>Its address.</summary>
    public string? MemoryReference { get; init; }

    /// <summary>Bytes to add to it.</summary>
    public long? Offset { get; init; }

    /// <summary>The number of bytes.</summary>
    public long Count { get; init; }
}
