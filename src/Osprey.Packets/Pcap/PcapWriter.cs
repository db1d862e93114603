using System.Buffers;
using System.Buffers.Binary;

namespace Osprey.Packets.Pcap;

/// <summary>Writes packets as a pcap stream of Ethernet frames.</summary>
/// <remarks>
/// The format is draft-ietf-opsawg-pcap: a file header, then for each packet a record header and the bytes. We always
/// write little-endian. The stream is neither closed nor sought, so standard output will do; <see cref="Flush"/> when
/// done.
/// </remarks>
public sealed class PcapWriter
{
    private const uint MicrosecondMagic = 0xa1b2c3d4;
    private const uint NanosecondMagic = 0xa1b23c4d;
    private const uint CompatibleSnapLength = 1500;
    private const uint SnapLength = 65535;
    private const uint LargestSnapLength = 262144; // MAXIMUM_SNAPLEN of libpcap
    private const uint EthernetLinkType = 1; // LINKTYPE_ETHERNET
    private const int FileHeaderSize = 24;
    private const int RecordHeaderSize = 16;
    private const int BufferSize = 64 * 1024;
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _pending = new(BufferSize);
    private readonly PcapVariant _variant;
    private readonly ulong _wallClockBase;

    /// <summary>Starts a file: its header is written at once.</summary>
    /// <param name="output">Where to; stays open.</param>
    /// <param name="variant">Which form.</param>
    /// <param name="wallClockBase">
    /// Nanoseconds since 1970 at the trace's time 0. Traces count from the guest's boot, so that with 0 all packets are
    /// of January 1970.
    /// </param>
    public PcapWriter(Stream output, PcapVariant variant = PcapVariant.Nanosecond, ulong wallClockBase = 0)
    {
        _output = output;
        _variant = variant;
        _wallClockBase = wallClockBase;

        Span<byte> header = stackalloc byte[FileHeaderSize];
        header.Clear(); // time zone and accuracy stay 0
        BinaryPrimitives.WriteUInt32LittleEndian(
            header,
            variant == PcapVariant.Nanosecond ? NanosecondMagic : MicrosecondMagic
        );
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], SnapLengthOf(variant));
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], EthernetLinkType);
        _pending.Write(header);
    }

    /// <summary>Packets written so far.</summary>
    public long Count { get; private set; }

    /// <summary>Writes one packet.</summary>
    /// <param name="time">Trace time in nanoseconds.</param>
    /// <param name="protocol">The tracepoint's protocol number, see <see cref="PacketProtocol"/>.</param>
    /// <param name="captured">What was recorded of the packet.</param>
    /// <returns><see langword="false"/>, and nothing written, when the protocol can't be framed as Ethernet.</returns>
    public bool TryWrite(ulong time, int protocol, ReadOnlySpan<byte> captured)
    {
        Span<byte> linkHeader = stackalloc byte[PacketLinkLayer.HeaderSize];
        if (!PacketLinkLayer.TryGetHeader(protocol, linkHeader, out int linkHeaderSize, IsReference))
            return false;

        uint size = (uint)(linkHeaderSize + captured.Length);
        uint length = IsReference ? size : PacketFrameLength.Get(protocol, captured);
        WriteRecordHeader(time, size, length);
        _pending.Write(linkHeader[..linkHeaderSize]);
        _pending.Write(captured);
        Count++;
        if (_pending.WrittenCount >= BufferSize)
            WritePending();

        return true;
    }

    /// <summary>Hands all that was written to the stream.</summary>
    public void Flush()
    {
        WritePending();
        _output.Flush();
    }

    private bool IsReference => _variant == PcapVariant.Compatible;

    private static uint SnapLengthOf(PcapVariant variant) =>
        variant switch
        {
            PcapVariant.Compatible => CompatibleSnapLength,
            PcapVariant.Microsecond => LargestSnapLength,
            _ => SnapLength,
        };

    private void WritePending()
    {
        _output.Write(_pending.WrittenSpan);
        _pending.ResetWrittenCount();
    }

    private void WriteRecordHeader(ulong time, uint size, uint length)
    {
        (ulong seconds, uint fraction) =
            _variant == PcapVariant.Nanosecond
                ? Split(unchecked(time + _wallClockBase))
                : SplitAsReference(unchecked(time + _wallClockBase));

        Span<byte> header = stackalloc byte[RecordHeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, unchecked((uint)seconds)); // the format ends in 2106
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], fraction);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], size);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], length);
        _pending.Write(header);
    }

    private static (ulong Seconds, uint Fraction) Split(ulong time) =>
        (time / NanosecondsPerSecond, (uint)(time % NanosecondsPerSecond));

    /// <summary>
    /// As the reference has it: seconds as a double, so that the fraction may round up to a whole 1000000 µs.
    /// </summary>
    private static (ulong Seconds, uint Fraction) SplitAsReference(ulong time)
    {
        double seconds = time / 1e9;
        double whole = Math.Truncate(seconds);
        return ((ulong)whole, (uint)Math.Round((seconds - whole) * 1e6, MidpointRounding.ToEven));
    }
}
