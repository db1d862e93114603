using Osprey.Binary;
using Osprey.Packets.Pcap;

namespace Osprey.Packets.Captures;

/// <summary>
/// Reads pcapng: blocks of a type, a length, a body and the length again. Each section has its byte order and its
/// interfaces, each interface its link type and unit of time. Blocks of other kinds are skipped.
/// </summary>
internal sealed class PcapngReader : CaptureReader
{
    /// <summary>The type of a section header block, alike in both byte orders.</summary>
    public const uint SectionHeaderBlock = 0x0a0d0d0a;

    private const uint InterfaceDescriptionBlock = 1;
    private const uint PacketBlock = 2; // obsolete, but still read by all
    private const uint SimplePacketBlock = 3;
    private const uint InterfaceStatisticsBlock = 5;
    private const uint EnhancedPacketBlock = 6;
    private const uint ByteOrderMagic = 0x1a2b3c4d;
    private const uint SwappedByteOrderMagic = 0x4d3c2b1a;
    private const int TypeSize = 4;
    private const int BlockOverhead = 12;
    private const int Alignment = 4;
    private const byte Microseconds = 6;

    private readonly List<CaptureInterface> _interfaces = [];
    private bool _isBigEndian;
    private ulong? _packetDrops;
    private ulong? _statisticsDrops;

    /// <param name="input">The input, behind the type of its first block.</param>
    public PcapngReader(CaptureInput input)
        : base(input) => ReadSectionHeader(input.Offset - TypeSize);

    /// <inheritdoc/>
    public override string Format => "pcapng";

    /// <inheritdoc/>
    public override ulong? DropCount
    {
        get
        {
            ulong? total = _statisticsDrops;
            foreach (CaptureInterface item in _interfaces)
                total = Add(total, item.DropCount);

            return total ?? _packetDrops; // statistics count the same packets again
        }
    }

    private protected override bool TryReadNext(long number, out CaptureRecord record)
    {
        record = default;
        while (true)
        {
            long start = Input.Offset;
            ReadOnlySpan<byte> bytes = Input.ReadUpTo(TypeSize).Span;
            if (bytes.IsEmpty)
                return false;

            if (bytes.Length < TypeSize)
                Input.ThrowBad(
                    start,
                    $"the type of a block is cut short: expected {TypeSize} bytes, have {bytes.Length}"
                );

            uint type = new ByteReader(bytes, Input.Name, start, _isBigEndian).ReadUInt32();
            if (type == SectionHeaderBlock)
            {
                ReadSectionHeader(start);
                continue;
            }

            uint length = Read32(Input.Read(sizeof(uint), "the length of a block"), start + TypeSize);
            ReadOnlyMemory<byte> memory = ReadBody(start, length, BlockOverhead);
            var body = new ByteReader(memory.Span, Input.Name, start + 8, _isBigEndian);
            switch (type)
            {
                case InterfaceDescriptionBlock:
                    ReadInterface(ref body);
                    break;
                case InterfaceStatisticsBlock:
                    ReadStatistics(ref body);
                    break;
                case EnhancedPacketBlock or PacketBlock:
                    record = ReadPacket(ref body, memory, number, hasWideInterface: type == EnhancedPacketBlock);
                    return true;
                case SimplePacketBlock:
                    record = ReadSimplePacket(ref body, memory, number);
                    return true;
            }
        }
    }

    private static ulong? Add(ulong? a, ulong? b) =>
        a is null ? b
        : b is null ? a
        : unchecked(a.Value + b.Value) < a.Value ? ulong.MaxValue
        : a + b;

    private uint Read32(ReadOnlyMemory<byte> bytes, long offset) =>
        new ByteReader(bytes.Span, Input.Name, offset, _isBigEndian).ReadUInt32();

    /// <summary>Reads the rest of a block, whose trailing length is compared and not returned.</summary>
    /// <param name="start">Where the block begins.</param>
    /// <param name="length">What it declares.</param>
    /// <param name="least">The least that it may declare.</param>
    private ReadOnlyMemory<byte> ReadBody(long start, uint length, int least)
    {
        if (length < least || length > CaptureLimits.MaxBlockSize || length % Alignment != 0)
            Input.ThrowBad(
                start + TypeSize,
                $"a block of {length} bytes; expected a multiple of {Alignment} from {least} to "
                    + $"{CaptureLimits.MaxBlockSize}"
            );

        int read = (int)(Input.Offset - start);
        ReadOnlyMemory<byte> rest = Input.Read((int)length - read, "a block");
        ReadOnlyMemory<byte> body = rest[..^sizeof(uint)];
        uint trailing = Read32(rest[^sizeof(uint)..], Input.Offset - sizeof(uint));
        if (trailing != length)
            Input.ThrowBad(
                Input.Offset - sizeof(uint),
                $"a block ends with length {trailing}; expected {length}, as at its start"
            );

        return body;
    }

    /// <summary>Reads a section header, of which the type was read. It begins with new interfaces.</summary>
    private void ReadSectionHeader(long start)
    {
        const int OwnSize = 16;
        ReadOnlyMemory<byte> memory = Input.Read(2 * sizeof(uint), "a section header");
        uint magic = new ByteReader(memory.Span[sizeof(uint)..], Input.Name).ReadUInt32();
        if (magic is not ByteOrderMagic and not SwappedByteOrderMagic)
            Input.ThrowBad(start + (2 * TypeSize), $"byte-order magic 0x{magic:x}; expected 0x{ByteOrderMagic:x}");

        _isBigEndian = magic == SwappedByteOrderMagic;
        uint length = Read32(memory[..sizeof(uint)], start + TypeSize);
        long at = Input.Offset;
        var body = new ByteReader(ReadBody(start, length, BlockOverhead + OwnSize).Span, Input.Name, at, _isBigEndian);
        ushort major = body.ReadUInt16();
        ushort minor = body.ReadUInt16();
        if (major != 1)
            Input.ThrowBad(at, $"pcapng of version {major}.{minor}; expected 1.0");

        foreach (CaptureInterface item in _interfaces)
            _statisticsDrops = Add(_statisticsDrops, item.DropCount);

        _interfaces.Clear();
    }

    private void ReadInterface(ref ByteReader body)
    {
        if (_interfaces.Count == CaptureLimits.MaxInterfaces)
            body.ThrowBad($"a section of more than {CaptureLimits.MaxInterfaces} interfaces");

        ushort linkType = body.ReadUInt16();
        body.Skip(sizeof(ushort));
        uint snapLength = body.ReadUInt32();
        byte resolution = Microseconds;
        long offset = 0;
        while (TryReadOption(ref body, out ushort option, out ByteReader value))
        {
            if (option == PcapngOption.TimeResolution)
            {
                resolution = value.ReadByte();
                if (!CaptureInterface.CanConvert(resolution))
                    value.ThrowBad($"times in units of 10^-{resolution} seconds");
            }
            else if (option == PcapngOption.TimeOffset)
            {
                offset = value.ReadInt64();
            }
        }

        _interfaces.Add(new CaptureInterface(linkType, snapLength, resolution, offset));
    }

    private void ReadStatistics(ref ByteReader body)
    {
        CaptureInterface item = GetInterface(body.ReadUInt32(), ref body);
        body.Skip(sizeof(ulong)); // the time
        ulong? drops = null;
        while (TryReadOption(ref body, out ushort option, out ByteReader value))
        {
            if (option is PcapngOption.InterfaceDrops or PcapngOption.SystemDrops)
                drops = Add(drops, value.ReadUInt64());
        }

        item.DropCount = drops ?? item.DropCount; // statistics are totals: later ones replace
    }

    private CaptureRecord ReadPacket(
        ref ByteReader body,
        ReadOnlyMemory<byte> memory,
        long number,
        bool hasWideInterface
    )
    {
        uint index;
        if (hasWideInterface)
        {
            index = body.ReadUInt32();
        }
        else
        {
            index = body.ReadUInt16();
            ushort drops = body.ReadUInt16();
            if (drops != ushort.MaxValue)
                _packetDrops = Add(_packetDrops, drops);
        }

        CaptureInterface item = GetInterface(index, ref body);
        ulong time = ((ulong)body.ReadUInt32() << 32) | body.ReadUInt32();
        uint size = body.ReadUInt32();
        uint originalLength = body.ReadUInt32();
        int position = body.Position;
        body.Skip(size);
        body.Skip((ulong)Math.Min(-size & (Alignment - 1), body.Remaining));
        while (TryReadOption(ref body, out ushort option, out ByteReader value))
        {
            if (option == PcapngOption.PacketDrops && hasWideInterface)
                _packetDrops = Add(_packetDrops, value.ReadUInt64());
        }

        return new CaptureRecord(
            number,
            item.ToNanoseconds(time),
            item.LinkType,
            memory.Slice(position, (int)size),
            originalLength
        );
    }

    /// <summary>Reads a packet of the first interface, without a time.</summary>
    private CaptureRecord ReadSimplePacket(ref ByteReader body, ReadOnlyMemory<byte> memory, long number)
    {
        CaptureInterface item = GetInterface(0, ref body);
        uint originalLength = body.ReadUInt32();
        uint size = item.SnapLength == 0 ? originalLength : Math.Min(originalLength, item.SnapLength);
        int position = body.Position;
        body.Skip(size);
        return new CaptureRecord(number, null, item.LinkType, memory.Slice(position, (int)size), originalLength);
    }

    private CaptureInterface GetInterface(uint index, ref ByteReader body)
    {
        if (index >= _interfaces.Count)
            body.ThrowBad($"interface {index}; the section has described {_interfaces.Count}");

        return _interfaces[(int)index];
    }

    /// <summary>Reads an option; false at the last one, or where the block ends.</summary>
    private static bool TryReadOption(ref ByteReader body, out ushort option, out ByteReader value)
    {
        value = default;
        option = PcapngOption.End;
        if (body.IsAtEnd)
            return false;

        option = body.ReadUInt16();
        ushort length = body.ReadUInt16();
        if (option == PcapngOption.End)
            return false;

        value = body.Split(length);
        body.Skip((ulong)Math.Min(-length & (Alignment - 1), body.Remaining));
        return true;
    }
}
