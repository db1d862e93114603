using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Osprey.Packets.Pcap;

/// <summary>Writes packets as a pcapng stream, which keeps their interface, direction and a comment each.</summary>
/// <remarks>
/// The format is draft-ietf-opsawg-pcapng: blocks of a type, a length, a body padded to 4 bytes, and the length again.
/// We write one little-endian section: its header, an interface description for each interface, and enhanced packet
/// blocks. The section's length is left open, so the stream is never sought; <see cref="Flush"/> when done.
/// </remarks>
public sealed partial class PcapngWriter
{
    private const uint SectionHeaderBlock = 0x0a0d0d0a;
    private const uint InterfaceDescriptionBlock = 1;
    private const uint InterfaceStatisticsBlock = 5;
    private const uint EnhancedPacketBlock = 6;
    private const uint ByteOrderMagic = 0x1a2b3c4d;
    private const ulong UnknownSectionLength = ulong.MaxValue;
    private const ushort EthernetLinkType = 1; // LINKTYPE_ETHERNET
    private const byte NanosecondResolution = 9;
    private const int BlockOverhead = 12;
    private const int Alignment = 4;
    private const int BufferSize = 64 * 1024;

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _pending = new(BufferSize);
    private readonly ulong _wallClockBase;
    private readonly ArrayBufferWriter<byte> _body = new();
    private int _interfaceCount;

    /// <summary>Starts a file: its section header is written at once.</summary>
    /// <param name="output">Where to; stays open.</param>
    /// <param name="wallClockBase">Nanoseconds since 1970 at the trace's time 0.</param>
    public PcapngWriter(Stream output, ulong wallClockBase = 0)
    {
        _output = output;
        _wallClockBase = wallClockBase;

        AppendUInt32(ByteOrderMagic);
        AppendUInt16(1); // version 1.0
        AppendUInt16(0);
        AppendUInt64(UnknownSectionLength);
        AppendOption(PcapngOption.Application, "Osprey"u8);
        AppendOption(PcapngOption.End, []);
        WriteBlock(SectionHeaderBlock);
    }

    /// <summary>Packets written so far.</summary>
    public long Count { get; private set; }

    /// <summary>
    /// Describes an Ethernet interface. May be called at any time, but before the interface's packets.
    /// </summary>
    /// <param name="name">What readers call it.</param>
    /// <returns>The index that <see cref="TryWrite"/> takes.</returns>
    public int AddInterface(string name) => AddInterface(name, null, EthernetLinkType);

    /// <summary>
    /// Describes an interface of any link type. May be called at any time, but before the interface's packets.
    /// </summary>
    /// <param name="name">What readers call it.</param>
    /// <param name="description">What it is, in words; null for nothing.</param>
    /// <param name="linkType">The LINKTYPE_ of its packets.</param>
    /// <returns>The index that the packets name.</returns>
    public int AddInterface(string name, string? description, ushort linkType)
    {
        AppendUInt16(linkType);
        AppendUInt16(0);
        AppendUInt32(0); // no limit of the captured size
        AppendText(PcapngOption.InterfaceName, name);
        if (description is not null)
            AppendText(PcapngOption.InterfaceDescription, description);

        AppendOption(PcapngOption.TimeResolution, [NanosecondResolution]);
        AppendOption(PcapngOption.End, []);
        WriteBlock(InterfaceDescriptionBlock);
        return _interfaceCount++;
    }

    /// <summary>Writes one packet.</summary>
    /// <param name="interfaceIndex">What <see cref="AddInterface(string)"/> returned.</param>
    /// <param name="time">Trace time in nanoseconds.</param>
    /// <param name="direction">Which way it went.</param>
    /// <param name="protocol">The tracepoint's protocol number, see <see cref="PacketProtocol"/>.</param>
    /// <param name="captured">What was recorded of the packet.</param>
    /// <param name="comment">Text that readers show with the packet; cut at the 64 KiB that an option may hold.</param>
    /// <returns><see langword="false"/>, and nothing written, when the protocol can't be framed as Ethernet.</returns>
    public bool TryWrite(
        int interfaceIndex,
        ulong time,
        PacketDirection direction,
        int protocol,
        ReadOnlySpan<byte> captured,
        string? comment = null
    )
    {
        RequireInterface(interfaceIndex);
        Span<byte> linkHeader = stackalloc byte[PacketLinkLayer.HeaderSize];
        if (!PacketLinkLayer.TryGetHeader(protocol, linkHeader, out int linkHeaderSize))
            return false;

        ulong wallTime = unchecked(time + _wallClockBase);
        int size = linkHeaderSize + captured.Length;
        AppendUInt32((uint)interfaceIndex);
        AppendTime(wallTime);
        AppendUInt32((uint)size);
        AppendUInt32(PacketFrameLength.Get(protocol, captured));
        _body.Write(linkHeader[..linkHeaderSize]);
        _body.Write(captured);
        AppendPadding(size);
        AppendPacketOptions(direction, comment, null);
        WriteBlock(EnhancedPacketBlock);
        Count++;
        return true;
    }

    /// <summary>Hands all that was written to the stream.</summary>
    public void Flush()
    {
        WritePending();
        _output.Flush();
    }

    private void AppendPacketOptions(PacketDirection direction, string? comment, uint? queue)
    {
        if (direction == PacketDirection.Unknown && string.IsNullOrEmpty(comment) && queue is null)
            return;

        if (!string.IsNullOrEmpty(comment))
            AppendText(PcapngOption.Comment, comment);

        if (direction != PacketDirection.Unknown)
        {
            Span<byte> flags = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(flags, direction == PacketDirection.Inbound ? 1u : 2u);
            AppendOption(PcapngOption.PacketFlags, flags);
        }

        if (queue is { } number)
        {
            Span<byte> bytes = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
            AppendOption(PcapngOption.PacketQueue, bytes);
        }

        AppendOption(PcapngOption.End, []);
    }

    private void AppendText(ushort option, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int size = Math.Min(bytes.Length, ushort.MaxValue);
        while (size < bytes.Length && (bytes[size] & 0xc0) == 0x80)
            size--; // never inside of a character

        AppendOption(option, bytes.AsSpan(0, size));
    }

    private void AppendOption(ushort option, ReadOnlySpan<byte> value)
    {
        AppendUInt16(option);
        AppendUInt16((ushort)value.Length);
        _body.Write(value);
        AppendPadding(value.Length);
    }

    private void AppendPadding(int size)
    {
        int padding = -size & (Alignment - 1);
        _body.GetSpan(Alignment)[..padding].Clear();
        _body.Advance(padding);
    }

    private void AppendUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_body.GetSpan(sizeof(ushort)), value);
        _body.Advance(sizeof(ushort));
    }

    private void AppendUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_body.GetSpan(sizeof(uint)), value);
        _body.Advance(sizeof(uint));
    }

    private void AppendUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_body.GetSpan(sizeof(ulong)), value);
        _body.Advance(sizeof(ulong));
    }

    /// <summary>Puts the type and the length around the body that was appended, and starts a new body.</summary>
    private void WriteBlock(uint type)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(number, type);
        _pending.Write(number);
        BinaryPrimitives.WriteUInt32LittleEndian(number, (uint)(_body.WrittenCount + BlockOverhead));
        _pending.Write(number);
        _pending.Write(_body.WrittenSpan);
        _pending.Write(number);
        _body.ResetWrittenCount();
        if (_pending.WrittenCount >= BufferSize)
            WritePending();
    }

    private void WritePending()
    {
        _output.Write(_pending.WrittenSpan);
        _pending.ResetWrittenCount();
    }
}
