using System.Buffers;
using System.Buffers.Binary;

namespace Osprey.Packets.Pcap;

/// <content>Packets that were captured with their link header, and what was lost of an interface.</content>
public sealed partial class PcapngWriter
{
    /// <summary>Writes one packet as it was captured.</summary>
    /// <param name="interfaceIndex">The number that <see cref="AddInterface(string)"/> returned.</param>
    /// <param name="time">Nanoseconds since 1970.</param>
    /// <param name="direction">Which way it went.</param>
    /// <param name="frame">The packet, with its link header.</param>
    /// <param name="originalLength">Its length before it was cut, in bytes.</param>
    /// <param name="comment">Text that readers show with the packet; null for none.</param>
    /// <param name="queue">The interface's queue that it went through; null when not known.</param>
    public void WritePacket(
        int interfaceIndex,
        ulong time,
        PacketDirection direction,
        ReadOnlySpan<byte> frame,
        uint originalLength,
        string? comment = null,
        uint? queue = null
    )
    {
        RequireInterface(interfaceIndex);
        AppendUInt32((uint)interfaceIndex);
        AppendTime(time);
        AppendUInt32((uint)frame.Length);
        AppendUInt32(originalLength);
        _body.Write(frame);
        AppendPadding(frame.Length);
        AppendPacketOptions(direction, comment, queue);
        WriteBlock(EnhancedPacketBlock);
        Count++;
    }

    /// <summary>Writes what became of an interface's packets: its statistics block.</summary>
    /// <param name="interfaceIndex">The number that <see cref="AddInterface(string)"/> returned.</param>
    /// <param name="start">The capture's start, nanoseconds since 1970.</param>
    /// <param name="end">The time of the counts, nanoseconds since 1970.</param>
    /// <param name="received">Packets that there were, captured or not.</param>
    /// <param name="dropped">Packets of these that are not in the file.</param>
    /// <param name="comment">Why they are not, in words; null for nothing.</param>
    public void WriteStatistics(
        int interfaceIndex,
        ulong start,
        ulong end,
        ulong received,
        ulong dropped,
        string? comment = null
    )
    {
        RequireInterface(interfaceIndex);
        AppendUInt32((uint)interfaceIndex);
        AppendTime(end);
        if (comment is not null)
            AppendText(PcapngOption.Comment, comment);

        AppendTimeOption(PcapngOption.StartTime, start);
        AppendTimeOption(PcapngOption.EndTime, end);
        AppendNumberOption(PcapngOption.InterfaceReceived, received);
        AppendNumberOption(PcapngOption.InterfaceDrops, dropped);
        AppendOption(PcapngOption.End, []);
        WriteBlock(InterfaceStatisticsBlock);
    }

    private void RequireInterface(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _interfaceCount);
    }

    /// <summary>A time is two words, the upper one first, in either byte order.</summary>
    private void AppendTime(ulong time)
    {
        AppendUInt32((uint)(time >> 32));
        AppendUInt32((uint)(time & uint.MaxValue));
    }

    private void AppendTimeOption(ushort option, ulong time)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)(time >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[sizeof(uint)..], (uint)(time & uint.MaxValue));
        AppendOption(option, bytes);
    }

    private void AppendNumberOption(ushort option, ulong number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        AppendOption(option, bytes);
    }
}
