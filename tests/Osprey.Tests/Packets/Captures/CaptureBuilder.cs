using System.Buffers;
using System.Buffers.Binary;

namespace Osprey.Tests.Packets.Captures;

/// <summary>Builds pcap and pcapng files in either byte order.</summary>
internal sealed class CaptureBuilder(bool isBigEndian)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] Bytes => _bytes.WrittenSpan.ToArray();

    /// <summary>Builds a whole file of one link type.</summary>
    public static byte[] Build(CaptureForm form, uint linkType, IEnumerable<BuiltRecord> records)
    {
        bool isBigEndian =
            form
            is CaptureForm.PcapMicrosecondsBigEndian
                or CaptureForm.PcapNanosecondsBigEndian
                or CaptureForm.PcapngBigEndian;
        var builder = new CaptureBuilder(isBigEndian);
        bool isNanosecond = form is CaptureForm.PcapNanoseconds or CaptureForm.PcapNanosecondsBigEndian;
        if (form is CaptureForm.Pcapng or CaptureForm.PcapngBigEndian)
        {
            builder.AddSection();
            builder.AddInterface((ushort)linkType, [(9, [9])]);
            foreach (BuiltRecord record in records)
                builder.AddEnhancedPacket(0, record.Time, record.Data, record.OriginalLength);
        }
        else
        {
            builder.AddPcapHeader(isNanosecond, linkType);
            foreach (BuiltRecord record in records)
                builder.AddPcapRecord(record, isNanosecond);
        }

        return builder.Bytes;
    }

    public void AddPcapHeader(bool isNanosecond, uint linkType)
    {
        Write32(isNanosecond ? 0xa1b23c4d : 0xa1b2c3d4);
        Write16(2);
        Write16(4);
        Write32(0);
        Write32(0);
        Write32(262144);
        Write32(linkType);
    }

    public void AddPcapRecord(BuiltRecord record, bool isNanosecond)
    {
        Write32((uint)(record.Time / 1_000_000_000));
        Write32((uint)(record.Time % 1_000_000_000 / (isNanosecond ? 1u : 1000u)));
        Write32((uint)record.Data.Length);
        Write32(record.OriginalLength);
        _bytes.Write(record.Data);
    }

    public void AddSection() =>
        AddBlock(
            0x0a0d0d0a,
            body =>
            {
                body.Write32(0x1a2b3c4d);
                body.Write16(1);
                body.Write16(0);
                body.Write32(uint.MaxValue);
                body.Write32(uint.MaxValue);
                body.AddOption(4, "a test"u8.ToArray());
            }
        );

    public void AddInterface(ushort linkType, (ushort Option, byte[] Value)[] options, uint snapLength = 0) =>
        AddBlock(
            1,
            body =>
            {
                body.Write16(linkType);
                body.Write16(0);
                body.Write32(snapLength);
                foreach ((ushort option, byte[] value) in options)
                    body.AddOption(option, value);
            }
        );

    public void AddEnhancedPacket(
        uint index,
        ulong time,
        byte[] data,
        uint originalLength,
        params (ushort Option, byte[] Value)[] options
    ) =>
        AddBlock(
            6,
            body =>
            {
                body.Write32(index);
                body.Write32((uint)(time >> 32));
                body.Write32((uint)(time & uint.MaxValue));
                body.Write32((uint)data.Length);
                body.Write32(originalLength);
                body.WritePadded(data);
                foreach ((ushort option, byte[] value) in options)
                    body.AddOption(option, value);
            }
        );

    public void AddSimplePacket(byte[] data, uint originalLength) =>
        AddBlock(
            3,
            body =>
            {
                body.Write32(originalLength);
                body.WritePadded(data);
            }
        );

    public void AddObsoletePacket(ushort index, ushort drops, ulong time, byte[] data) =>
        AddBlock(
            2,
            body =>
            {
                body.Write16(index);
                body.Write16(drops);
                body.Write32((uint)(time >> 32));
                body.Write32((uint)(time & uint.MaxValue));
                body.Write32((uint)data.Length);
                body.Write32((uint)data.Length);
                body.WritePadded(data);
            }
        );

    public void AddStatistics(uint index, params (ushort Option, byte[] Value)[] options) =>
        AddBlock(
            5,
            body =>
            {
                body.Write32(index);
                body.Write32(0);
                body.Write32(0);
                foreach ((ushort option, byte[] value) in options)
                    body.AddOption(option, value);
            }
        );

    /// <summary>Adds a block of any type.</summary>
    public void AddBlock(uint type, Action<CaptureBuilder> write)
    {
        var body = new CaptureBuilder(isBigEndian);
        write(body);
        byte[] bytes = body.Bytes;
        Write32(type);
        Write32((uint)bytes.Length + 12);
        _bytes.Write(bytes);
        Write32((uint)bytes.Length + 12);
    }

    public byte[] Number(ulong value)
    {
        byte[] bytes = new byte[8];
        if (isBigEndian)
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);

        return bytes;
    }

    public void Write16(ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        if (isBigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);

        _bytes.Write(bytes);
    }

    public void Write32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (isBigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);

        _bytes.Write(bytes);
    }

    public void WritePadded(byte[] data)
    {
        _bytes.Write(data);
        _bytes.Write(new byte[-data.Length & 3]);
    }

    private void AddOption(ushort option, byte[] value)
    {
        Write16(option);
        Write16((ushort)value.Length);
        WritePadded(value);
    }
}
