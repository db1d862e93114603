namespace Osprey.Tests.GdbServer.Faults;

/// <summary>A thread in gdb's machine interface.</summary>
/// <param name="Id">gdb's own number.</param>
/// <param name="Target">The server's words for it, such as "Thread 12".</param>
/// <param name="Details">Its state.</param>
/// <param name="Name">Its name.</param>
/// <param name="Frame">The innermost frame, as gdb writes it.</param>
internal sealed record MachineThread(string Id, string Target, string Details, string Name, string Frame)
{
    /// <summary>The server's number for it.</summary>
    public string Number => Target.Split(' ')[^1];

    /// <summary>Tells whether it is on a vCPU.</summary>
    public bool IsRunning => Details.Contains("running", StringComparison.Ordinal);
}
