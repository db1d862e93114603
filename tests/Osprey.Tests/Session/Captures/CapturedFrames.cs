using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Tests.Session.Captures;

/// <summary>Frames whose checksums are right.</summary>
internal static class CapturedFrames
{
    /// <summary>A UDP packet of some bytes of data, which differ with the number.</summary>
    public static byte[] Udp(int number, int size = 64)
    {
        byte[] frame = new byte[14 + 20 + 8 + size];
        Convert.FromHexString("525400123456020000000001").CopyTo(frame, 0);
        WriteUInt16BigEndian(frame.AsSpan(12), 0x0800);
        Span<byte> ip = frame.AsSpan(14);
        ip[0] = 0x45;
        WriteUInt16BigEndian(ip[2..], (ushort)(28 + size));
        WriteUInt16BigEndian(ip[4..], (ushort)number);
        ip[8] = 64;
        ip[9] = 17;
        new byte[] { 10, 0, 2, 15, 10, 0, 2, 2 }.CopyTo(ip[12..]);
        WriteUInt16BigEndian(ip[10..], Sum(ip[..20], 0));
        Span<byte> udp = ip[20..];
        WriteUInt16BigEndian(udp, 4000);
        WriteUInt16BigEndian(udp[2..], 53);
        WriteUInt16BigEndian(udp[4..], (ushort)(8 + size));
        for (int i = 8; i < udp.Length; i++)
            udp[i] = (byte)(((i * 31) + number) & 0xff);

        uint pseudo = (uint)(17 + udp.Length);
        for (int i = 12; i < 20; i += 2)
            pseudo += ReadUInt16BigEndian(ip[i..]);

        ushort sum = Sum(udp, pseudo);
        WriteUInt16BigEndian(udp[6..], sum == 0 ? ushort.MaxValue : sum);
        return frame;
    }

    /// <summary>An ARP request.</summary>
    public static byte[] Arp(byte last = 2) =>
        [
            .. Convert.FromHexString("ffffffffffff52540012345608060001080006040001525400123456"),
            10,
            0,
            2,
            15,
            0,
            0,
            0,
            0,
            0,
            0,
            10,
            0,
            2,
            last,
        ];

    /// <summary>A virtio-vsock packet of data.</summary>
    public static byte[] Vsock(ulong source, ulong destination, byte[] data)
    {
        byte[] packet = new byte[44 + data.Length];
        WriteUInt64LittleEndian(packet, source);
        WriteUInt64LittleEndian(packet.AsSpan(8), destination);
        WriteUInt32LittleEndian(packet.AsSpan(16), 1024);
        WriteUInt32LittleEndian(packet.AsSpan(20), 5000);
        WriteUInt32LittleEndian(packet.AsSpan(24), (uint)data.Length);
        WriteUInt16LittleEndian(packet.AsSpan(28), 1);
        WriteUInt16LittleEndian(packet.AsSpan(30), 5);
        WriteUInt32LittleEndian(packet.AsSpan(36), 262144);
        data.CopyTo(packet, 44);
        return packet;
    }

    private static ushort Sum(ReadOnlySpan<byte> bytes, uint sum)
    {
        for (int i = 0; i < bytes.Length; i += 2)
            sum += i + 1 < bytes.Length ? ReadUInt16BigEndian(bytes[i..]) : (uint)bytes[i] << 8;

        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);

        return (ushort)(~sum & ushort.MaxValue);
    }
}
