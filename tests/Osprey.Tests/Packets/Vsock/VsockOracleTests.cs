using System.Globalization;
using Osprey.Packets.Captures;
using Osprey.Packets.Vsock;
using Osprey.Tests.Packets.Captures;
using static Osprey.Tests.Packets.Vsock.VsockPacketBuilder;

namespace Osprey.Tests.Packets.Vsock;

/// <summary>Compares every field with what tshark says.</summary>
public sealed class VsockOracleTests
{
    private static readonly string[] s_fields =
    [
        "frame.number",
        "frame.time_epoch",
        "frame.cap_len",
        "frame.len",
        "vsock.src_cid",
        "vsock.dst_cid",
        "vsock.src_port",
        "vsock.dst_port",
        "vsock.op",
        "vsock.trans",
        "vsock.trans_len",
        "vsock.reserved",
        "vsock.virtio.src_cid",
        "vsock.virtio.dst_cid",
        "vsock.virtio.src_prot",
        "vsock.virtio.dst_prot",
        "vsock.virtio.len",
        "vsock.virtio.type",
        "vsock.virtio.op",
        "vsock.virtio.flags",
        "vsock.virtio.buf_alloc",
        "vsock.virtio.fwd_cnt",
        "vsock.payload",
    ];

    /// <summary>One of each format and byte order: tshark takes seconds to start.</summary>
    public static TheoryData<CaptureForm> Forms => [CaptureForm.PcapMicrosecondsBigEndian, CaptureForm.Pcapng];

    [RequiresProgramTheory("tshark")]
    [MemberData(nameof(Forms))]
    public void Decode_AllPackets_HasTsharksFields(CaptureForm form)
    {
        byte[] capture = CreatePackets().Build(form);
        string fields = OtherProgram.Run(
            "tshark",
            capture,
            ["-r", "-", "-T", "fields", .. s_fields.SelectMany(field => new[] { "-e", field })]
        );
        var reader = CaptureReader.Open(new MemoryStream(capture), "FILE");
        var lines = new List<string>();
        while (reader.TryRead(out CaptureRecord record))
            lines.Add(Describe(record));

        Assert.Null(reader.Defect);
        Assert.Equal(fields.TrimEnd('\n').Split('\n'), lines);
    }

    /// <summary>All operations, types, transports and cuts, then packets of random numbers.</summary>
    private static VsockPacketBuilder CreatePackets()
    {
        VsockPacketBuilder builder = VsockFixture.Create();
        foreach (ushort type in new ushort[] { 1, 2, 7 })
        {
            builder.Type = type;
            for (ushort operation = 0; operation < 10; operation++)
            {
                byte[]? payload = operation == 5 ? [1, 2, 3] : null;
                for (uint flags = 0; flags < 5; flags++)
                    builder.Add(Guest, Host, (VirtioVsockOperation)operation, 262_144, 17, flags, payload);
            }
        }

        for (ushort operation = 0; operation < 6; operation++)
        for (ushort transport = 0; transport < 4; transport++)
        {
            if (transport != 2)
                builder.Add([
                    .. MonitorHeader(Host, Guest, operation, transport, 0),
                    .. operation == 4 ? "data"u8 : [],
                ]);
        }

        for (int captured = VsockPacket.HeaderSize + VirtioVsockHeader.Size; captured <= 90; captured++)
            builder.Add(Host, Guest, VirtioVsockOperation.ReadWrite, 1, 2, 0, new byte[14], captured);

        var random = new Random(271);
        for (int i = 0; i < 300; i++)
        {
            VsockEndpoint source = new((ulong)random.NextInt64(), (uint)random.NextInt64(1L << 32));
            VsockEndpoint destination = new(
                ulong.MaxValue - (ulong)random.Next(3),
                uint.MaxValue - (uint)random.Next(3)
            );
            byte[] payload = new byte[random.Next(100)];
            random.NextBytes(payload);
            builder.Add([
                .. MonitorHeader(source, destination, 4, 2, VirtioVsockHeader.Size, (ushort)random.Next(65_536)),
                .. VirtioHeader(
                    destination,
                    source,
                    (uint)random.NextInt64(1L << 32),
                    (ushort)random.Next(65_536),
                    (ushort)random.Next(65_536),
                    (uint)random.NextInt64(1L << 32),
                    (uint)random.NextInt64(1L << 32),
                    (uint)random.NextInt64(1L << 32)
                ),
                .. payload,
            ]);
        }

        return builder;
    }

    private static string Describe(CaptureRecord record)
    {
        Assert.True(VsockPacket.TryDecode(record.Data, record.OriginalLength, out VsockPacket packet, out _));
        (ulong seconds, ulong fraction) = Math.DivRem(record.Time!.Value, 1_000_000_000ul);
        string[] values =
        [
            $"{record.Number}",
            string.Create(CultureInfo.InvariantCulture, $"{seconds}.{fraction:d9}"),
            $"{record.Data.Length}",
            $"{record.OriginalLength}",
            $"{packet.Source.Cid}",
            $"{packet.Destination.Cid}",
            $"{packet.Source.Port}",
            $"{packet.Destination.Port}",
            $"{(ushort)packet.Operation}",
            $"{(ushort)packet.Transport}",
            $"{packet.TransportLength}",
            $"{packet.Reserved & 0xff:x2}{packet.Reserved >> 8:x2}",
            .. packet.Virtio is { } virtio
                ? new[]
                {
                    $"{virtio.Source.Cid}",
                    $"{virtio.Destination.Cid}",
                    $"{virtio.Source.Port}",
                    $"{virtio.Destination.Port}",
                    $"{virtio.Length}",
                    $"{virtio.Type}",
                    $"{(ushort)virtio.Operation}",
                    $"0x{virtio.Flags:x8}",
                    $"{virtio.BufferAllocation}",
                    $"{virtio.ForwardCount}",
                }
                : Enumerable.Repeat("", 10),
            // Of a payload that is cut, tshark shows nothing.
            record.IsCut
                ? ""
                : Convert.ToHexStringLower(packet.Payload.Span),
        ];
        return string.Join('\t', values);
    }
}
