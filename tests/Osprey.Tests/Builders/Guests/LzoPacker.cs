namespace Osprey.Tests.Builders.Guests;

/// <summary>Packs bytes that repeat after a while as LZO1X: one run of literals and one match.</summary>
internal static class LzoPacker
{
    public static byte[] Pack(byte[] bytes)
    {
        int period = Enumerable.Range(4, bytes.Length).First(at => IsRepeated(bytes, at));
        var packed = new List<byte>();
        AddLength(packed, 0, period - 3, 15);
        packed.AddRange(bytes[..Math.Min(period, bytes.Length)]);
        if (period < bytes.Length)
        {
            AddLength(packed, 0x20, bytes.Length - period - 2, 31);
            int field = (period - 1) << 2;
            packed.AddRange([(byte)(field & 0xff), (byte)(field >> 8)]);
        }

        packed.AddRange([0x11, 0, 0]);
        return [.. packed];
    }

    private static bool IsRepeated(byte[] bytes, int period) =>
        period >= bytes.Length || bytes.AsSpan(period).SequenceEqual(bytes.AsSpan(0, bytes.Length - period));

    private static void AddLength(List<byte> packed, int code, int length, int most)
    {
        if (length <= most)
        {
            packed.Add((byte)(code | length));
            return;
        }

        packed.Add((byte)code);
        int rest = length - most;
        for (; rest > 255; rest -= 255)
            packed.Add(0);

        packed.Add((byte)rest);
    }
}
