using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Internet;

/// <summary>The options of an IPv6 hop-by-hop header. Only what is wrong with them shows.</summary>
internal static class IPv6Options
{
    private const byte Pad1 = 0;
    private const byte RouterAlert = 5;
    private const byte JumboPayload = 0xc2;
    private const byte HomeAddress = 0xc9;
    private const int RouterAlertSize = 2;
    private const int JumboPayloadSize = 4;
    private const int HomeAddressSize = 16;
    private const uint SmallestJumbogram = 65536;

    /// <summary>Reads a header's options.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="options">All of them.</param>
    /// <param name="payloadLength">Set when it was 0 and a jumbogram's option has it.</param>
    /// <returns><see langword="false"/> when an option is cut or has a wrong size.</returns>
    public static bool TryRead(ref PacketText text, ReadOnlySpan<byte> options, ref uint payloadLength)
    {
        bool hasJumbo = false;
        while (!options.IsEmpty)
        {
            if (options[0] == Pad1)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options.Length < 2 + options[1])
                return false;

            if (!TryCheckSize(ref text, options))
                return false;

            if (options[0] == JumboPayload && !hasJumbo)
            {
                hasJumbo = true;
                uint jumbo = ReadUInt32BigEndian(options[2..]);
                if (payloadLength == 0 && jumbo >= SmallestJumbogram)
                    payloadLength = jumbo;
            }

            options = options[(2 + options[1])..];
        }

        return true;
    }

    private static bool TryCheckSize(ref PacketText text, ReadOnlySpan<byte> options)
    {
        (int size, bool mayBeLonger) = options[0] switch
        {
            RouterAlert => (RouterAlertSize, false),
            JumboPayload => (JumboPayloadSize, false),
            HomeAddress => (HomeAddressSize, true),
            _ => (0, true),
        };
        bool isCut = options.Length < 2 + size;
        if (!isCut && (options[1] == size || (mayBeLonger && options[1] > size)))
            return true;

        text.Write(
            options[0] switch
            {
                RouterAlert => "(rtalert: "u8,
                JumboPayload => "(jumbo: "u8,
                _ => "(homeaddr: "u8,
            }
        );
        if (isCut)
            text.Write("trunc)"u8);
        else
            text.Write("invalid len "u8, options[1], ")"u8);

        return false;
    }
}
