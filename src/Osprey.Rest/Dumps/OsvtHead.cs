using System.Buffers.Binary;

namespace Osprey.Rest.Dumps;

/// <summary>The first 16 bytes of a dump: they show that it is a dump, and how long it is.</summary>
internal static class OsvtHead
{
    public const int Size = 16;

    /// <summary>Checks the first bytes and reads the length of the whole dump.</summary>
    /// <param name="head">The first bytes of the dump: 16, or fewer if it has fewer.</param>
    /// <param name="total">The size of the whole dump in bytes; null when the head does not say.</param>
    /// <returns>False when the bytes are not the start of a dump.</returns>
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
