using System.Text;
using Osprey.Rsp.Framing;

namespace Osprey.Rsp.Packets;

/// <summary>
/// What a stub can do: its replies to <c>qSupported</c> and <c>qqemu.Supported</c>, fixed after the handshake.
/// </summary>
public sealed record StubFeatures
{
    /// <summary>The packet size of a stub that does not name one: what every stub takes.</summary>
    public const int DefaultPacketSize = 400;

    /// <summary>The longest packet that it takes, in bytes. <c>m</c> reads at most half of it.</summary>
    public int PacketSize { get; init; } = DefaultPacketSize;

    /// <summary>Whether threads are named with their process.</summary>
    public bool HasMultiprocess { get; init; }

    /// <summary>Whether it describes its registers.</summary>
    public bool HasTargetDescription { get; init; }

    /// <summary>Whether it can read by guest-physical address (QEMU 4.1 and later).</summary>
    public bool HasPhysicalMemoryMode { get; init; }

    /// <summary>
    /// Reads the reply to <c>qSupported</c>. What is not known is passed over, as the protocol asks for.
    /// </summary>
    /// <exception cref="RspException">The packet size is not a number, or too small to hold anything.</exception>
    public static StubFeatures Parse(ReadOnlySpan<byte> reply)
    {
        var features = new StubFeatures();
        foreach (Range range in reply.Split((byte)';'))
        {
            ReadOnlySpan<byte> item = reply[range];
            if (item.StartsWith("PacketSize="u8))
            {
                if (!RspHex.TryParse(item["PacketSize=".Length..], out ulong size) || size < 64)
                    throw new RspException(
                        "expected a packet size of at least 40 (hex)",
                        "qSupported",
                        RspText.Excerpt(reply)
                    );

                features = features with { PacketSize = (int)Math.Min(size, int.MaxValue) };
            }
            else if (item.SequenceEqual("multiprocess+"u8))
            {
                features = features with { HasMultiprocess = true };
            }
            else if (item.SequenceEqual("qXfer:features:read+"u8))
            {
                features = features with { HasTargetDescription = true };
            }
        }

        return features;
    }

    /// <summary>These, with what the reply to <c>qqemu.Supported</c> adds.</summary>
    public StubFeatures WithQemu(ReadOnlySpan<byte> reply)
    {
        string[] items = Encoding.ASCII.GetString(reply).Split(';');
        return this with { HasPhysicalMemoryMode = items.Contains("PhyMemMode") };
    }
}
