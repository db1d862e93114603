using System.Net.Sockets;

namespace Osprey.Target.Backends.Sockets;

/// <summary>The reason why a connection could not be made, in words.</summary>
internal static class ConnectFailure
{
    /// <summary>Describes a failure of connecting to a socket.</summary>
    /// <param name="failure">The exception of the attempt.</param>
    /// <param name="path">The path of a Unix socket; null for TCP.</param>
    public static string Describe(Exception failure, string? path = null)
    {
        if (failure is not SocketException socket)
            return failure.Message;

        // The class library gives a missing file the code of an address that can't be used, and appends the address.
        return socket.SocketErrorCode switch
        {
            _ when Directory.Exists(path) => "it is a folder, not a socket",
            _ when path is not null && !File.Exists(path) && socket.SocketErrorCode != SocketError.AccessDenied =>
                "there is no such file",
            SocketError.ConnectionRefused => "nobody listens there",
            SocketError.AccessDenied => "this user may not connect to it",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the host's name is not known",
            SocketError.NetworkUnreachable or SocketError.HostUnreachable => "there is no way to that host",
            _ => new SocketException((int)socket.SocketErrorCode).Message,
        };
    }
}
