using System.Buffers.Binary;
using Osprey.Packets.Vsock;
using Osprey.Tests.Packets.Captures;

namespace Osprey.Tests.Packets.Vsock;

/// <summary>Builds packets as a vsockmon device passes them on, each a millisecond after the one before.</summary>
internal sealed class VsockPacketBuilder
{
    public static readonly VsockEndpoint Host = new(2, 1024);
    public static readonly VsockEndpoint Guest = new(3, 5000);

    private const ulong Start = 1_700_000_000_000_000_000;
    private const ulong Step = 1_000_000;

    private readonly List<BuiltRecord> _records = [];

    public IReadOnlyList<BuiltRecord> Records => _records;

    public ushort Type { get; set; } = 1;

    /// <summary>Adds a virtio packet; vsockmon's operation follows from virtio's, as in the kernel.</summary>
    public void Add(
        VsockEndpoint source,
        VsockEndpoint destination,
        VirtioVsockOperation operation,
        uint bufAlloc = 0,
        uint fwdCnt = 0,
        uint flags = 0,
        byte[]? payload = null,
        int? captured = null
    )
    {
        VsockOperation monitor = operation switch
        {
            VirtioVsockOperation.Request or VirtioVsockOperation.Response => VsockOperation.Connect,
            VirtioVsockOperation.Reset or VirtioVsockOperation.Shutdown => VsockOperation.Disconnect,
            VirtioVsockOperation.CreditUpdate or VirtioVsockOperation.CreditRequest => VsockOperation.Control,
            VirtioVsockOperation.ReadWrite => VsockOperation.Payload,
            _ => VsockOperation.Unknown,
        };
        byte[] bytes =
        [
            .. MonitorHeader(source, destination, (ushort)monitor, 2, VirtioVsockHeader.Size),
            .. VirtioHeader(
                source,
                destination,
                (uint)(payload?.Length ?? 0),
                Type,
                (ushort)operation,
                flags,
                bufAlloc,
                fwdCnt
            ),
            .. payload ?? [],
        ];
        Add(bytes, captured);
    }

    /// <summary>Adds bytes as a packet.</summary>
    public void Add(byte[] bytes, int? captured = null) =>
        _records.Add(
            new BuiltRecord(
                Start + ((ulong)_records.Count * Step),
                bytes[..(captured ?? bytes.Length)],
                (uint)bytes.Length
            )
        );

    /// <summary>Writes all packets as a pcap file.</summary>
    public byte[] Build(CaptureForm form = CaptureForm.PcapNanoseconds) =>
        CaptureBuilder.Build(form, VsockPacket.LinkType, _records);

    public static byte[] MonitorHeader(
        VsockEndpoint source,
        VsockEndpoint destination,
        ushort operation,
        ushort transport,
        ushort transportLength,
        ushort reserved = 0
    )
    {
        byte[] bytes = new byte[VsockPacket.HeaderSize];
        WriteEnds(bytes, source, destination);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(24), operation);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(26), transport);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(28), transportLength);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(30), reserved);
        return bytes;
    }

    public static byte[] VirtioHeader(
        VsockEndpoint source,
        VsockEndpoint destination,
        uint length,
        ushort type,
        ushort operation,
        uint flags,
        uint bufAlloc,
        uint fwdCnt
    )
    {
        byte[] bytes = new byte[VirtioVsockHeader.Size];
        WriteEnds(bytes, source, destination);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(28), type);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(30), operation);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(32), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(36), bufAlloc);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(40), fwdCnt);
        return bytes;
    }

    private static void WriteEnds(Span<byte> bytes, VsockEndpoint source, VsockEndpoint destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, source.Cid);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], destination.Cid);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], source.Port);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[20..], destination.Port);
    }
}
