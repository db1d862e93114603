using Osprey.Debug;
using Osprey.GdbServer;
using Osprey.Session.Guests;
using Osprey.Tests.Builders;

namespace Osprey.Tests.GdbServer;

/// <summary>A guest that is served to raw debuggers.</summary>
internal sealed class ServedGuest : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly GuestSession _guest;
    private readonly DebuggerServer _server;
    private readonly List<(RawDebugger Debugger, Task Serving)> _debuggers = [];

    public ServedGuest(GuestSession guest, bool wasRunning, Func<string, CancellationToken, string?>? runCommand = null)
    {
        _guest = guest;
        _server = new DebuggerServer(new DebugSession(guest), wasRunning, runCommand);
    }

    /// <summary>Connects a debugger.</summary>
    public RawDebugger Connect(bool isLocal = true)
    {
        var debugger = new RawDebugger();
        _debuggers.Add((debugger, Task.Run(() => _server.Serve(debugger.Server, isLocal, _end.Token))));
        return debugger;
    }

    /// <summary>Waits until the server has noticed that a debugger left.</summary>
    public void WaitForEnd(RawDebugger debugger) =>
        Assert.True(_debuggers.Single(one => one.Debugger == debugger).Serving.Wait(TimeSpan.FromSeconds(30)));

    public void Dispose()
    {
        _end.Cancel();
        foreach ((RawDebugger debugger, Task serving) in _debuggers)
        {
            WaitForEnd(debugger);
            debugger.Dispose();
        }

        _server.Dispose();
        _guest.Dispose();
        _end.Dispose();
    }
}
