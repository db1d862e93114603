namespace Osprey.Dap.Protocol.Bodies;

/// <summary>The result of a write.</summary>
internal sealed record WriteMemoryBody
{
    /// <summary>The number of bytes.</summary>
    public long BytesWritten { get; init; }
}
