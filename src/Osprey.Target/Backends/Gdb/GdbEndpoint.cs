using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Osprey.Target.Backends.Gdb;

/// <summary>The place where a gdb stub listens.</summary>
/// <param name="Host">A name or an address; null for a Unix socket.</param>
/// <param name="Port">The TCP port; 0 for a Unix socket.</param>
/// <param name="Path">The Unix socket's path; null for TCP.</param>
public sealed record GdbEndpoint(string? Host, int Port, string? Path)
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);

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

    /// <summary>Connects. QEMU stops the guest by that.</summary>
    /// <exception cref="TargetException">Nobody listens there.</exception>
    internal Stream Connect()
    {
        Socket? socket = null;
        try
        {
            if (Path is not null)
            {
                socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                socket.Connect(new UnixDomainSocketEndPoint(Path));
            }
            else
            {
                socket = ConnectTcp(Host!, Port);
            }

            return new GdbSocketStream(socket);
        }
        catch (Exception failed) when (failed is SocketException or ArgumentException or TimeoutException)
        {
            socket?.Dispose();
            throw new TargetException(TargetProblem.NoStub, $"no gdb stub at {this}: {failed.Message}", failed);
        }
    }

    private static Socket ConnectTcp(string host, int port)
    {
        // A name may stand for addresses of both kinds, and the stub listen on one only.
        SocketException? last = null;
        foreach (IPAddress address in Dns.GetHostAddresses(host))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                IAsyncResult connecting = socket.BeginConnect(address, port, null, null);
                if (!connecting.AsyncWaitHandle.WaitOne(s_connectTimeout))
                    throw new TimeoutException($"no answer within {s_connectTimeout.TotalSeconds} s");

                socket.EndConnect(connecting);
                return socket;
            }
            catch (SocketException refused)
            {
                socket.Dispose();
                last = refused;
            }
            catch (TimeoutException)
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }
}
