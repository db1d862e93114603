namespace Osprey.Packets.Captures;

/// <summary>An interface that a section of a pcapng file describes.</summary>
/// <param name="LinkType">The LINKTYPE_ number of its packets.</param>
/// <param name="SnapLength">Bytes of each packet that were captured at most; 0 when there is no limit.</param>
/// <param name="Resolution">The unit of its times, as if_tsresol has it.</param>
/// <param name="TimeOffset">Seconds to add to its times.</param>
internal sealed record CaptureInterface(uint LinkType, uint SnapLength, byte Resolution, long TimeOffset)
{
    private const byte BinaryFlag = 0x80;
    private const int NanosecondExponent = 9;
    private const int MaxExponent = 38; // 10^38 is the last power of ten within 128 bits
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>What the interface's statistics count as lost; null when there are none.</summary>
    public ulong? DropCount { get; set; }

    /// <summary>Tells whether times in this unit can be converted.</summary>
    public static bool CanConvert(byte resolution) =>
        (resolution & BinaryFlag) != 0 || resolution <= MaxExponent + NanosecondExponent;

    /// <summary>Converts a packet's time to nanoseconds since 1970; null when they do not fit in 64 bits.</summary>
    public ulong? ToNanoseconds(ulong time)
    {
        int exponent = Resolution & ~BinaryFlag;
        UInt128 nanoseconds =
            (Resolution & BinaryFlag) != 0 ? ((UInt128)time * NanosecondsPerSecond) >> exponent
            : exponent <= NanosecondExponent ? (UInt128)time * Power(NanosecondExponent - exponent)
            : time / Power(exponent - NanosecondExponent);
        Int128 sum = (Int128)nanoseconds + ((Int128)TimeOffset * NanosecondsPerSecond);
        return sum >= 0 && sum <= ulong.MaxValue ? (ulong)sum : null;
    }

    private static UInt128 Power(int exponent)
    {
        UInt128 power = 1;
        for (int i = 0; i < exponent; i++)
            power *= 10;

        return power;
    }
}
