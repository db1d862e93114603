using System.Diagnostics.CodeAnalysis;
using Osprey.Rsp.Framing;

namespace Osprey.Rsp.Packets;

/// <summary>A stop packet (GDB manual, "Stop Reply Packets").</summary>
/// <param name="Kind">The kind of stop.</param>
/// <param name="Code">
/// The signal's number, or the exit code. QEMU sends 2 when a user paused the guest, 5 for a breakpoint or a step, and
/// 3 when the guest shut down.
/// </param>
/// <param name="Thread">The thread that stopped; null when the packet does not say.</param>
/// <param name="WatchAddress">The address of the watchpoint that was hit; null when none was.</param>
public sealed record StopReply(StopKind Kind, byte Code, ThreadId? Thread = null, ulong? WatchAddress = null)
{
    /// <summary>Returns true when a packet starts like a stop packet. No reply in hex does.</summary>
    internal static bool IsStop(ReadOnlySpan<byte> packet) =>
        packet.Length >= 3
        && packet[0] is (byte)'T' or (byte)'S' or (byte)'W' or (byte)'X'
        && RspHex.Digit(packet[1]) < 16
        && RspHex.Digit(packet[2]) < 16;

    /// <summary>
    /// Parses a stop packet; false when it is malformed or another packet. Skips unknown pairs.
    /// </summary>
    internal static bool TryParse(ReadOnlySpan<byte> packet, [NotNullWhen(true)] out StopReply? reply)
    {
        reply = null;
        if (!IsStop(packet))
            return false;

        StopKind kind = packet[0] switch
        {
            (byte)'W' => StopKind.Exited,
            (byte)'X' => StopKind.Terminated,
            _ => StopKind.Signal,
        };
        byte code = (byte)(RspHex.Digit(packet[1]) << 4 | RspHex.Digit(packet[2]));
        ThreadId? thread = null;
        ulong? watch = null;
        ReadOnlySpan<byte> rest = packet[3..];
        foreach (Range range in rest.Split((byte)';'))
        {
            ReadOnlySpan<byte> pair = rest[range];
            int colon = pair.IndexOf((byte)':');
            if (colon < 0)
                continue;

            ReadOnlySpan<byte> value = pair[(colon + 1)..];
            if (pair[..colon].SequenceEqual("thread"u8))
            {
                if (!ThreadId.TryParse(value, out ThreadId id))
                    return false;

                thread = id;
            }
            else if (
                pair[..colon].SequenceEqual("watch"u8)
                || pair[..colon].SequenceEqual("rwatch"u8)
                || pair[..colon].SequenceEqual("awatch"u8)
            )
            {
                if (!RspHex.TryParse(value, out ulong address))
                    return false;

                watch = address;
            }
        }

        reply = new StopReply(kind, code, thread, watch);
        return true;
    }
}
