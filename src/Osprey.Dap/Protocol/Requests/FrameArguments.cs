namespace Osprey.Dap.Protocol.Requests;

/// <summary>A frame that a request is about.</summary>
internal sealed record FrameArguments
{
    /// <summary>Its number.</summary>
    public int FrameId { get; init; }
}
