namespace Osprey.Binary.Elf;

/// <summary>A note: a tagged value that a tool left in the file.</summary>
/// <param name="Owner">The name of the tool or system that defines the type, such as <c>GNU</c>.</param>
/// <param name="Type">The kind of note; each owner has numbers of its own.</param>
/// <param name="Content">The note's value.</param>
public sealed record ElfNote(string Owner, uint Type, ReadOnlyMemory<byte> Content)
{
    /// <summary>The type of the note that holds the build-id, with owner <c>GNU</c>.</summary>
    public const uint BuildIdType = 3; // NT_GNU_BUILD_ID

    /// <summary>Reads all notes of a section or segment.</summary>
    /// <param name="data">The bytes of the section or segment.</param>
    /// <param name="source">Its name, for errors.</param>
    /// <param name="bigEndian">True when the file is big-endian.</param>
    /// <param name="alignment">The alignment of notes in bytes: 8 where the section declares it, else 4.</param>
    /// <exception cref="BadDataException">A note is cut short.</exception>
    public static IReadOnlyList<ElfNote> ReadAll(
        ReadOnlyMemory<byte> data,
        string source,
        bool bigEndian,
        int alignment = 4
    )
    {
        var notes = new List<ElfNote>();
        var reader = new ByteReader(data.Span, source, 0, bigEndian);
        int step = alignment == 8 ? 8 : 4;
        while (reader.Remaining >= 12)
        {
            uint ownerSize = reader.ReadUInt32();
            uint contentSize = reader.ReadUInt32();
            uint type = reader.ReadUInt32();
            ReadOnlySpan<byte> owner = reader.ReadBytes(ownerSize);
            reader.Align(step);
            int start = reader.Position;
            reader.Skip(contentSize);
            reader.Align(step);
            notes.Add(
                new ElfNote(
                    System.Text.Encoding.UTF8.GetString(TrimNul(owner)),
                    type,
                    data.Slice(start, (int)contentSize)
                )
            );
        }

        return notes;
    }

    private static ReadOnlySpan<byte> TrimNul(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && text[^1] == 0)
            text = text[..^1];

        return text;
    }
}
