namespace Osprey.Dap.Protocol.Bodies;

/// <summary>What runs.</summary>
internal sealed record ContinueBody
{
    /// <summary>Whether all threads do.</summary>
    public bool AllThreadsContinued { get; init; }
}
