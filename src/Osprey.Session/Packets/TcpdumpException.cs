using Osprey.Packets;

namespace Osprey.Session.Packets;

/// <summary>
/// The tcpdump program is missing, or ended before its work was done; <see cref="PacketDecoder"/> can stand in.
/// </summary>
public sealed class TcpdumpException : Exception
{
    /// <summary>Makes one with a message for the user.</summary>
    public TcpdumpException(string message)
        : base(message) { }

    /// <summary>Makes one with a message for the user and its cause.</summary>
    public TcpdumpException(string message, Exception innerException)
        : base(message, innerException) { }
}
