using Osprey.Packets;

namespace Osprey.Session.Packets;

/// <summary>
/// The tcpdump program is missing, or ended before its work was done; <see cref="PacketDecoder"/> can stand in.
/// </summary>
public sealed class TcpdumpException : Exception
{
    public TcpdumpException(string message)
        : base(message) { }

    public TcpdumpException(string message, Exception innerException)
        : base(message, innerException) { }
}
