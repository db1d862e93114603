using System.Buffers.Binary;
using System.Text;

namespace Osprey.Tests.Builders.Probes;

/// <summary>Builds ELF files of either width and byte order that have probes, and nothing else.</summary>
internal sealed class ProbeElfBuilder
{
    public const ulong CodeAddress = 0x401040;
    public const ulong CodeOffset = 0x40;

    private readonly List<byte[]> _notes = [];

    public bool Is64Bit { get; init; } = true;

    public bool IsBigEndian { get; init; }

    public ushort Machine { get; init; } = 62;

    /// <summary>Where .stapsdt.base is in the file; null for a file without it.</summary>
    public ulong? BaseAddress { get; init; } = 0x402000;

    private int Width => Is64Bit ? 8 : 4;

    public ProbeElfBuilder Add(
        string provider,
        string name,
        ulong site,
        ulong baseAddress,
        ulong semaphore,
        string arguments
    )
    {
        byte[] content =
        [
            .. Number(site, Width),
            .. Number(baseAddress, Width),
            .. Number(semaphore, Width),
            .. Encoding.UTF8.GetBytes($"{provider}\0{name}\0{arguments}\0"),
        ];
        return AddNote("stapsdt", 3, content);
    }

    public ProbeElfBuilder AddNote(string owner, uint type, byte[] content)
    {
        byte[] name = Encoding.UTF8.GetBytes(owner + "\0");
        _notes.Add([
            .. Number((ulong)name.Length, 4),
            .. Number((ulong)content.Length, 4),
            .. Number(type, 4),
            .. Padded(name),
            .. Padded(content),
        ]);
        return this;
    }

    /// <summary>The bytes of the notes' section.</summary>
    public byte[] BuildNotes() => [.. _notes.SelectMany(note => note)];

    public byte[] Build()
    {
        byte[] notes = BuildNotes();
        byte[] names = Encoding.ASCII.GetBytes("\0.note.stapsdt\0.stapsdt.base\0.shstrtab\0");
        int headerSize = Is64Bit ? 64 : 52;
        int segmentSize = Is64Bit ? 56 : 32;
        int sectionSize = Is64Bit ? 64 : 40;
        ulong notesAt = (ulong)(headerSize + segmentSize);
        ulong namesAt = notesAt + (ulong)notes.Length;
        ulong sectionsAt = (namesAt + (ulong)names.Length + 7) & ~7UL;
        int sections = BaseAddress is null ? 3 : 4;
        var file = new List<byte>();
        file.AddRange([0x7f, (byte)'E', (byte)'L', (byte)'F']);
        file.AddRange([(byte)(Is64Bit ? 2 : 1), (byte)(IsBigEndian ? 2 : 1), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Add(file, 2, 3, Machine);
        Add(file, 4, 1);
        Add(file, Width, 0, (ulong)headerSize, sectionsAt);
        Add(file, 4, 0);
        Add(file, 2, (ulong)headerSize, (ulong)segmentSize, 1);
        Add(file, 2, (ulong)sectionSize, (ulong)sections, (ulong)(sections - 1));
        file.AddRange(Segment());
        file.AddRange(notes);
        file.AddRange(names);
        file.AddRange(new byte[(int)sectionsAt - file.Count]);
        file.AddRange(new byte[sectionSize]);
        file.AddRange(Section(1, 7, 0, notesAt, (ulong)notes.Length));
        if (BaseAddress is { } address)
            file.AddRange(Section(15, 1, address, namesAt, 1));

        file.AddRange(Section(29, 3, 0, namesAt, (ulong)names.Length));
        return [.. file];
    }

    private byte[] Segment()
    {
        var bytes = new List<byte>();
        bytes.AddRange(Number(1, 4));
        if (Is64Bit)
            bytes.AddRange(Number(5, 4));

        // The whole file counts as loaded, so that offsets within it exist.
        Add(bytes, Width, 0, CodeAddress - CodeOffset, CodeAddress - CodeOffset);
        Add(bytes, Width, 0x3000, 0x3000);
        if (!Is64Bit)
            bytes.AddRange(Number(5, 4));

        bytes.AddRange(Number(0x1000, Width));
        return [.. bytes];
    }

    private byte[] Section(uint name, uint type, ulong address, ulong offset, ulong size)
    {
        var bytes = new List<byte>();
        Add(bytes, 4, name, type);
        Add(bytes, Width, 0, address, offset, size);
        Add(bytes, 4, 0, 0);
        Add(bytes, Width, 4, 0);
        return [.. bytes];
    }

    private void Add(List<byte> bytes, int size, params ReadOnlySpan<ulong> values)
    {
        foreach (ulong value in values)
            bytes.AddRange(Number(value, size));
    }

    private byte[] Number(ulong value, int size)
    {
        byte[] bytes = new byte[8];
        if (IsBigEndian)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            return bytes[(8 - size)..];
        }

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes[..size];
    }

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[(-bytes.Length) & 3]];
}
