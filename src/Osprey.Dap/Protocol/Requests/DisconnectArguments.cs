namespace Osprey.Dap.Protocol.Requests;

/// <summary>How the client leaves.</summary>
internal sealed record DisconnectArguments
{
    /// <summary>Whether a guest that was started is to be ended; so when left out.</summary>
    public bool? TerminateDebuggee { get; init; }
}
