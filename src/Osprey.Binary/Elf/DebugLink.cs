namespace Osprey.Binary.Elf;

/// <summary>Where a program's debug file is (<c>.gnu_debuglink</c>).</summary>
/// <param name="FileName">Its name, without folders.</param>
/// <param name="Checksum">CRC-32 of that file.</param>
public sealed record DebugLink(string FileName, uint Checksum)
{
    /// <summary>Reads the section.</summary>
    /// <exception cref="BadDataException">It is cut short.</exception>
    public static DebugLink Read(ReadOnlySpan<byte> data, string source, bool bigEndian)
    {
        var reader = new ByteReader(data, source, 0, bigEndian);
        string name = reader.ReadNulTerminatedText();
        reader.Align(4);
        return new DebugLink(name, reader.ReadUInt32());
    }
}
