namespace Osprey.Binary.Elf;

/// <summary>The name and checksum of a program's debug file (<c>.gnu_debuglink</c>).</summary>
/// <param name="FileName">The file's name, without folders.</param>
/// <param name="Checksum">CRC-32 of the file's content.</param>
public sealed record DebugLink(string FileName, uint Checksum)
{
    /// <summary>Reads the content of a <c>.gnu_debuglink</c> section.</summary>
    /// <param name="data">The section's bytes.</param>
    /// <param name="source">The section's name, for errors.</param>
    /// <param name="bigEndian">True when the file is big-endian.</param>
    /// <exception cref="BadDataException">The section is cut short.</exception>
    public static DebugLink Read(ReadOnlySpan<byte> data, string source, bool bigEndian)
    {
        var reader = new ByteReader(data, source, 0, bigEndian);
        string name = reader.ReadNulTerminatedText();
        reader.Align(4);
        return new DebugLink(name, reader.ReadUInt32());
    }
}
