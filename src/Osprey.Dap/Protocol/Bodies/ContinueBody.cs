namespace Osprey.Dap.Protocol.Bodies;

/// <summary>The answer to a wish to go on.</summary>
internal sealed record ContinueBody
{
    /// <summary>Tells whether all threads do.</summary>
    public bool AllThreadsContinued { get; init; }
}
