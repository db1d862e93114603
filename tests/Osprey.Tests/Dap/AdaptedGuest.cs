using Osprey.Dap;
using Osprey.Debug;
using Osprey.Session.Guests;

namespace Osprey.Tests.Dap;

/// <summary>A guest that an adapter serves to a client.</summary>
internal sealed class AdaptedGuest : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    /// <param name="open">Opens the guest.</param>
    /// <param name="wasRunning">Whether it ran.</param>
    public AdaptedGuest(Func<GuestSession> open, bool wasRunning = false)
    {
        var adapter = new DebugAdapter((_, _) => new TestedDebuggee(open(), wasRunning));
        _serving = Task.Run(() => adapter.Serve(Client.Server, Client.Server, _end.Token));
    }

    /// <summary>The client.</summary>
    public DapClient Client { get; } = new();

    /// <summary>Waits until the adapter has noticed that the client left.</summary>
    public void WaitForEnd() => Assert.True(_serving.Wait(TimeSpan.FromSeconds(60)));

    public void Dispose()
    {
        _end.Cancel();
        WaitForEnd();
        Client.Dispose();
        _end.Dispose();
    }

    private sealed class TestedDebuggee(GuestSession guest, bool wasRunning) : Debuggee
    {
        public override DebugSession Session { get; } = new(guest);

        public override bool WasRunning => wasRunning;

        public override string? RunCommand(string line, DebugThread? thread, CancellationToken cancellation)
        {
            if (line == "endless")
                cancellation.WaitHandle.WaitOne();
            else if (!line.StartsWith("threads", StringComparison.Ordinal))
                return null;

            return $"ran '{line}' for {thread?.Name}\n";
        }

        protected override void Dispose(bool disposing) => guest.Dispose();
    }
}
