namespace Osprey.Packets.Internet;

/// <summary>The facts of an IP header that decoders of its payload need.</summary>
/// <param name="source">The sender's address, 4 or 16 bytes.</param>
/// <param name="destination">The receiver's address, of the same size.</param>
/// <param name="protocol">The fixed header's protocol; with IPv6 extension headers not the payload's.</param>
internal readonly ref struct IpHeader(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte protocol)
{
    private const int IPv6AddressSize = 16;

    private readonly ReadOnlySpan<byte> _source = source;
    private readonly ReadOnlySpan<byte> _destination = destination;

    public byte Protocol => protocol;

    public bool IsIPv6 => _source.Length == IPv6AddressSize;

    /// <summary>Writes <c>source &gt; destination: </c>.</summary>
    public void WriteAddresses(ref PacketText text)
    {
        WriteAddressesOnly(ref text);
        text.Write(": "u8);
    }

    /// <summary>Writes <c>source &gt; destination</c>.</summary>
    public void WriteAddressesOnly(ref PacketText text)
    {
        text.WriteAddress(_source);
        text.Write(" > "u8);
        text.WriteAddress(_destination);
    }

    /// <summary>Writes <c>source.port &gt; destination.port: </c>; the ports alone behind extension headers.</summary>
    public void WriteEndpoints(ref PacketText text, byte transport, ushort sourcePort, ushort destinationPort)
    {
        bool withAddresses = Protocol == transport;
        if (withAddresses)
        {
            text.WriteAddress(_source);
            text.Write((byte)'.');
        }

        text.WriteNumber(sourcePort);
        text.Write(" > "u8);
        if (withAddresses)
        {
            text.WriteAddress(_destination);
            text.Write((byte)'.');
        }

        text.WriteNumber(destinationPort);
        text.Write(": "u8);
    }
}
