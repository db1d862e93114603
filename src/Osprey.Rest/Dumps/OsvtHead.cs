using System.Buffers.Binary;

namespace Osprey.Rest.Dumps;

/// <summary>What the first 16 bytes of a dump tell: that it is one, and how long all of it is.</summary>
internal static class OsvtHead
{
    public const int Size = 16;

    /// <summary>Checks the bytes so far and reads the length of the whole dump.</summary>
    /// <param name="head">The dump's first bytes, 16 if there are as many.</param>
    /// <param name="total">Bytes of the whole dump; null when it does not say.</param>
    /// <returns>False when it is no dump.</returns>
    public static bool TryRead(ReadOnlySpan<byte> head, out long? total)
    {
        total = null;
        // The tag is a number in the guest's byte order: "TVSO" from a little-endian guest.
        bool little = head.StartsWith("TVSO"u8);
        if (!little && !head.StartsWith("OSVT"u8))
            return false;
        if (head.Length < Size)
            return true;

        ulong payload = little
            ? BinaryPrimitives.ReadUInt64LittleEndian(head[8..])
            : BinaryPrimitives.ReadUInt64BigEndian(head[8..]);
        if (payload is > 0 and < long.MaxValue - Size)
            total = (long)payload + Size;
        return true;
    }
}
