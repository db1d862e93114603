namespace Osprey.Dap.Protocol.Bodies;

/// <summary>What was written.</summary>
internal sealed record WriteMemoryBody
{
    /// <summary>How many bytes.</summary>
    public long BytesWritten { get; init; }
}
