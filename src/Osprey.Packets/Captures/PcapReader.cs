using Osprey.Binary;

namespace Osprey.Packets.Captures;

/// <summary>Reads pcap: a file header, then for each packet a record header and its bytes.</summary>
internal sealed class PcapReader : CaptureReader
{
    private const uint MicrosecondMagic = 0xa1b2c3d4;
    private const uint NanosecondMagic = 0xa1b23c4d;
    private const int HeaderSize = 20; // without the magic
    private const int RecordHeaderSize = 16;
    private const ushort Major = 2;
    private const ushort Minor = 4;
    private const uint LinkTypeMask = 0x03ffffff; // above are the length of the frame check sequence and its flag
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    private readonly bool _isBigEndian;
    private readonly ulong _unit;
    private readonly uint _linkType;

    private PcapReader(CaptureInput input, bool isBigEndian, bool isNanosecond)
        : base(input)
    {
        _isBigEndian = isBigEndian;
        _unit = isNanosecond ? 1u : 1000u;
        long start = input.Offset;
        var header = new ByteReader(input.Read(HeaderSize, "the file header").Span, input.Name, start, isBigEndian);
        ushort major = header.ReadUInt16();
        ushort minor = header.ReadUInt16();
        if (major != Major || minor != Minor)
            input.ThrowBad(start, $"pcap of version {major}.{minor}; expected {Major}.{Minor}");

        header.Skip(12); // time zone and accuracy, which nobody sets, and the snapshot length, which nobody keeps to
        _linkType = header.ReadUInt32() & LinkTypeMask;
    }

    /// <inheritdoc/>
    public override string Format => "pcap";

    /// <summary>Reads the file header behind a magic number; null when the number is not pcap's.</summary>
    /// <param name="input">The input, behind the number.</param>
    /// <param name="magic">The number, read as little-endian.</param>
    public static PcapReader? TryOpen(CaptureInput input, uint magic)
    {
        uint swapped = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(magic);
        return magic is MicrosecondMagic or NanosecondMagic
                ? new PcapReader(input, isBigEndian: false, magic == NanosecondMagic)
            : swapped is MicrosecondMagic or NanosecondMagic
                ? new PcapReader(input, isBigEndian: true, swapped == NanosecondMagic)
            : null;
    }

    private protected override bool TryReadNext(long number, out CaptureRecord record)
    {
        record = default;
        long start = Input.Offset;
        ReadOnlySpan<byte> bytes = Input.ReadUpTo(RecordHeaderSize).Span;
        if (bytes.IsEmpty)
            return false;

        if (bytes.Length < RecordHeaderSize)
            Input.ThrowBad(
                start,
                $"the header of packet {number} is cut short: expected {RecordHeaderSize} bytes, have {bytes.Length}"
            );

        var header = new ByteReader(bytes, Input.Name, start, _isBigEndian);
        ulong time = (header.ReadUInt32() * NanosecondsPerSecond) + (header.ReadUInt32() * _unit);
        uint size = header.ReadUInt32();
        uint originalLength = header.ReadUInt32();
        if (size > CaptureLimits.MaxBlockSize)
            Input.ThrowBad(
                start,
                $"packet {number} declares {size} bytes; expected at most {CaptureLimits.MaxBlockSize}"
            );

        ReadOnlyMemory<byte> data = Input.Read((int)size, $"packet {number}");
        record = new CaptureRecord(number, time, _linkType, data, originalLength);
        return true;
    }
}
