using System.Buffers.Binary;
using System.Text;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Osv;

/// <summary>
/// A kernel's image as OSv has it in memory, of 32 KiB: headers, entry pointers, texts and notes, each of which can be
/// left out.
/// </summary>
internal sealed class OsvImageBuilder
{
    public const ulong Physical = 0x20_0000;
    public const ulong Virtual = 0x4020_0000;

    private const int Size = 0x8000;
    private const int TextOffset = 0x4000;
    private const int NotesOffset = 0x6000;

    /// <summary>False where the ELF header's first bytes were overwritten.</summary>
    public bool HasMagic { get; init; } = true;

    /// <summary>False where no pointers to the 32-bit entries are at their places.</summary>
    public bool HasEntries { get; init; } = true;

    /// <summary>False where the note for Xen is missing.</summary>
    public bool HasNote { get; init; } = true;

    /// <summary>The texts, with zeros between them.</summary>
    public string[] Texts { get; init; } = ["OSv v0.57.0-398-g0e34e4dc\n", "OSv options:\n  --help   show help\n"];

    public byte[] Build()
    {
        byte[] image = new byte[Size];
        for (int i = 0x1000; i < TextOffset; i++)
            image[i] = unchecked((byte)((i * 7) + (i >> 8)));

        "\u007fELF\u0002\u0001"u8.CopyTo(image);
        Write(image, 24, Physical + 0x1234); // e_entry
        Write(image, 32, 64); // e_phoff
        image[54] = 56; // e_phentsize
        image[56] = 2; // e_phnum
        WriteSegment(image.AsSpan(64), 1, 7, 0, Size);
        WriteSegment(image.AsSpan(64 + 56), 4, 4, NotesOffset, 0x40);
        if (!HasMagic)
            image.AsSpan(0, 64).Fill(0xcc);

        if (HasEntries)
        {
            Write(image, 0x800, Physical + 0x2000);
            Write(image, 0x900, Physical + 0x2005);
        }

        int at = TextOffset + 1;
        foreach (string text in Texts)
            at += Encoding.ASCII.GetBytes(text, image.AsSpan(at)) + 1;

        "\u0004\0\0\0\u0008\0\0\0\u0005\0\0\0Xen\0xen-3.0\0"u8.CopyTo(image.AsSpan(NotesOffset));
        if (HasNote)
            "\u0004\0\0\0\u0004\0\0\0\u0006\0\0\0Xen\0osv\0"u8.CopyTo(image.AsSpan(NotesOffset + 24));

        return image;
    }

    public FakeMemory BuildMemory() => new FakeMemory().Add(Physical, Build());

    private static void WriteSegment(Span<byte> header, int type, int flags, ulong offset, ulong size)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, type);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], flags);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], Virtual + offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], Physical + offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], size);
        BinaryPrimitives.WriteUInt64LittleEndian(header[40..], size);
    }

    private static void Write(byte[] image, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(offset), value);
}
