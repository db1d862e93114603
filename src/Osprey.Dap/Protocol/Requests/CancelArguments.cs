namespace Osprey.Dap.Protocol.Requests;

/// <summary>The request that is not wanted any more.</summary>
internal sealed record CancelArguments
{
    /// <summary>The number of a request.</summary>
    public int? RequestId { get; init; }
}
