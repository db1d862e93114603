using Osprey.Binary;

namespace Osprey.Probes.Notes;

/// <summary>Reads the notes that <c>sys/sdt.h</c> leaves in a file, one for each site of a probe.</summary>
/// <remarks>
/// A note is the sizes of owner and content and a type (4 bytes each), the owner and the content, both filled up to a
/// multiple of 4 bytes. The content is three addresses of the file's width, then three texts that a NUL ends:
/// provider, name, arguments. Source: the header sys/sdt.h and the page UserSpaceProbeImplementation of SystemTap.
/// </remarks>
public static class ProbeNoteReader
{
    private const int MaxNotes = 1_000_000;

    /// <summary>Reads the notes of a section up to the first that is damaged.</summary>
    /// <param name="data">The section's bytes.</param>
    /// <param name="source">Its name, for errors.</param>
    /// <param name="is64Bit">True when addresses have 8 bytes, otherwise 4.</param>
    /// <param name="isBigEndian">True when the file is big-endian.</param>
    /// <param name="damage">What is wrong behind the notes that were read; null for nothing.</param>
    public static IReadOnlyList<ProbeNote> ReadAll(
        ReadOnlySpan<byte> data,
        string source,
        bool is64Bit,
        bool isBigEndian,
        out BadDataException? damage
    )
    {
        var notes = new List<ProbeNote>();
        var reader = new ByteReader(data, source, 0, isBigEndian);
        damage = null;
        try
        {
            while (!reader.IsAtEnd)
            {
                if (notes.Count == MaxNotes)
                    reader.ThrowBad($"more than {MaxNotes} notes");

                if (Read(ref reader, is64Bit) is { } note)
                    notes.Add(note);
            }
        }
        catch (BadDataException exception)
        {
            damage = exception;
        }

        return notes;
    }

    /// <summary>Reads one note; null for a note of another owner or type.</summary>
    private static ProbeNote? Read(ref ByteReader reader, bool is64Bit)
    {
        uint ownerSize = reader.ReadUInt32();
        uint contentSize = reader.ReadUInt32();
        uint type = reader.ReadUInt32();
        ReadOnlySpan<byte> owner = reader.ReadBytes(ownerSize);
        reader.Align(4);
        ByteReader content = reader.Split(contentSize);
        reader.Align(4);
        if (type != ProbeNote.Type || !owner.SequenceEqual("stapsdt\0"u8))
            return null;

        int width = is64Bit ? 8 : 4;
        ulong site = content.ReadUnsigned(width);
        ulong baseAddress = content.ReadUnsigned(width);
        ulong semaphore = content.ReadUnsigned(width);
        string provider = content.ReadNulTerminatedText();
        string name = content.ReadNulTerminatedText();
        string arguments = content.ReadNulTerminatedText();
        return new ProbeNote(provider, name, site, baseAddress, semaphore, arguments);
    }
}
