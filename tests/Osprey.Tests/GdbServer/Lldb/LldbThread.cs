namespace Osprey.Tests.GdbServer.Lldb;

/// <summary>A thread in lldb's list.</summary>
/// <param name="Index">lldb's own number.</param>
/// <param name="Id">The server's number.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state in words.</param>
internal sealed record LldbThread(string Index, long Id, string Name, string State)
{
    /// <summary>Tells whether it is on a vCPU.</summary>
    public bool IsRunning => State.StartsWith("running", StringComparison.Ordinal);
}
