namespace Osprey.Dap.Protocol.Requests;

/// <summary>The way in which the client leaves.</summary>
internal sealed record DisconnectArguments
{
    /// <summary>Tells whether a guest that was started is to be ended; so when left out.</summary>
    public bool? TerminateDebuggee { get; init; }
}
