using Osprey.Binary;

namespace Osprey.Traces.Formats.Osvt;

/// <summary>Reads the dump's strings: a length of 16 bits, aligned to 2 in the file, and so many bytes.</summary>
internal static class OsvtText
{
    public static ReadOnlySpan<byte> Read(ref ByteReader reader)
    {
        reader.Align(sizeof(ushort));
        return reader.ReadBytes(reader.ReadUInt16());
    }
}
