using System.Text;
using Osprey.Rsp.Framing;

namespace Osprey.Rsp.Packets;

/// <summary>
/// The features of a stub, from its replies to <c>qSupported</c> and <c>qqemu.Supported</c>. They do not change later.
/// </summary>
public sealed record StubFeatures
{
    /// <summary>The packet size in bytes for a stub that does not say its own: every stub accepts this much.</summary>
    public const int DefaultPacketSize = 400;

    /// <summary>The longest packet that the stub accepts, in bytes. <c>m</c> reads at most half as much.</summary>
    public int PacketSize { get; init; } = DefaultPacketSize;

    /// <summary>True when thread ids include a process.</summary>
    public bool HasMultiprocess { get; init; }

    /// <summary>True when the stub describes its registers.</summary>
    public bool HasTargetDescription { get; init; }

    /// <summary>True when the stub can read guest-physical addresses (QEMU 4.1 and later).</summary>
    public bool HasPhysicalMemoryMode { get; init; }

    /// <summary>True when the program can be run backwards, by steps and freely (<c>bs</c>, <c>bc</c>).</summary>
    public bool CanReverse => HasReverseStep && HasReverseContinue;

    /// <summary>True when the stub can step backwards.</summary>
    public bool HasReverseStep { get; init; }

    /// <summary>True when the stub can run backwards.</summary>
    public bool HasReverseContinue { get; init; }

    /// <summary>
    /// Parses the reply to <c>qSupported</c>. Skips unknown features, as the protocol requires.
    /// </summary>
    /// <exception cref="RspException">The packet size is not a number, or less than 64 bytes.</exception>
    internal static StubFeatures Parse(ReadOnlySpan<byte> reply)
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
            else if (item.SequenceEqual("ReverseStep+"u8))
            {
                features = features with { HasReverseStep = true };
            }
            else if (item.SequenceEqual("ReverseContinue+"u8))
            {
                features = features with { HasReverseContinue = true };
            }
        }

        return features;
    }

    /// <summary>Returns these features with those that the reply to <c>qqemu.Supported</c> adds.</summary>
    internal StubFeatures WithQemu(ReadOnlySpan<byte> reply)
    {
        string[] items = Encoding.ASCII.GetString(reply).Split(';');
        return this with { HasPhysicalMemoryMode = items.Contains("PhyMemMode") };
    }
}
