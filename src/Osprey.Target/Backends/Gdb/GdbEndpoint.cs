using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Osprey.Rsp.Client;
using Osprey.Target.Backends.Sockets;

namespace Osprey.Target.Backends.Gdb;

/// <summary>The place where a gdb stub listens.</summary>
/// <param name="Host">A name or an address; null for a Unix socket.</param>
/// <param name="Port">The TCP port; 0 for a Unix socket.</param>
/// <param name="Path">The Unix socket's path; null for TCP.</param>
public sealed record GdbEndpoint(string? Host, int Port, string? Path)
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Reads <c>host:port</c>, <c>:port</c> (this machine), <c>[ipv6]:port</c> or <c>unix:PATH</c>.</summary>
    /// <exception cref="TargetException">It is none of these.</exception>
    public static GdbEndpoint Parse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal) && text.Length > 5)
            return new GdbEndpoint(null, 0, text[5..]);

        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        if (host is ['[', .., ']'])
            host = host[1..^1];

        return
            colon >= 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and <= IPEndPoint.MaxPort
            ? new GdbEndpoint(host.Length == 0 ? "localhost" : host, port, null)
            : throw new TargetException(TargetProblem.MalformedStubAddress, $"\"{text}\" is no place of a gdb stub");
    }

    /// <inheritdoc/>
    public override string ToString() => Path is not null ? $"unix:{Path}" : $"{Host}:{Port}";

    /// <summary>
    /// Says who is connected to the stub now, as far as it is of this host; null when nobody is, or that can't be seen.
    /// </summary>
    public string? FindClient()
    {
        try
        {
            return new ServerConnector(new ServerAddress(Path, Host, Port), s_connectTimeout, default).FindClient();
        }
        catch (SocketException)
        {
            return null; // the host's name is not known
        }
    }

    /// <summary>Connects, unless another debugger is connected. QEMU stops the guest by that.</summary>
    /// <exception cref="TargetException">Nobody listens there, or another debugger is connected.</exception>
    internal Stream Connect(CancellationToken cancellation = default)
    {
        var connector = new ServerConnector(new ServerAddress(Path, Host, Port), s_connectTimeout, cancellation);
        try
        {
            if (connector.RequireFree(TimeSpan.Zero) is { } server)
                RequireRunning(server);

            Socket socket = connector.Connect();
            var stream = new GdbSocketStream(socket);
            if (connector.WaitUntilAccepted(socket) != false)
                return stream;

            // Another debugger was faster, or the stub's process does nothing: the connection stays in its queue.
            using (var client = new RspClient(stream))
                client.LetRunWhenRead();

            cancellation.ThrowIfCancellationRequested();
            throw connector.FindClient() is { } name
                ? new ServerBusyException(name)
                : new TargetException(
                    TargetProblem.StubSilent,
                    $"the gdb stub at {this} does not accept the connection within {s_connectTimeout.TotalSeconds} s"
                );
        }
        catch (ServerBusyException busy)
        {
            throw new TargetException(
                TargetProblem.StubBusy,
                $"the gdb stub at {this} is in use: {busy.Message}",
                busy
            );
        }
        catch (Exception failed) when (failed is SocketException or ArgumentException or TimeoutException)
        {
            throw new TargetException(
                TargetProblem.NoStub,
                $"no gdb stub at {this}: {ConnectFailure.Describe(failed, Path)}",
                failed
            );
        }
    }

    private void RequireRunning(ServerConnections server)
    {
        if (StoppedProcess.FindOwner(server.Listener) is { } stopped)
            throw new TargetException(
                TargetProblem.ProcessStopped,
                $"the gdb stub at {this} can't answer: {stopped} is stopped, as by SIGSTOP"
            )
            {
                ProcessId = stopped.ProcessId,
            };
    }
}
