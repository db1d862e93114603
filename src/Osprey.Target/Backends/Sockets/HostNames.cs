using System.Net;
using System.Net.Sockets;

namespace Osprey.Target.Backends.Sockets;

/// <summary>Finds the addresses of hosts.</summary>
internal static class HostNames
{
    /// <summary>
    /// Looks a name up. "localhost" is this host, whether or not the name is known here (RFC 6761): small containers
    /// have no /etc/hosts.
    /// </summary>
    /// <exception cref="SocketException">The name is not known.</exception>
    public static async Task<IPAddress[]> FindAsync(string host)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SocketException) when (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return [IPAddress.Loopback, IPAddress.IPv6Loopback];
        }
    }
}
