using System.Text;

namespace Osprey.Guests;

/// <summary>Finds a line of text in a kernel's image, chunk by chunk.</summary>
internal static class KernelImageText
{
    private const int ChunkSize = 1 << 20;
    private const int MaxTextSize = 256;

    /// <summary>The printable text that follows a marker, up to the first byte that is none.</summary>
    /// <param name="read">Copies bytes at an offset in the image; a short count where they can't be read.</param>
    /// <param name="size">Bytes to search.</param>
    /// <param name="marker">What stands before the text.</param>
    /// <param name="accept">Whether a text is the one; format strings often begin alike.</param>
    /// <returns>Null when there is none.</returns>
    public static string? Find(ImageReader read, long size, ReadOnlySpan<byte> marker, Func<string, bool> accept)
    {
        byte[] buffer = new byte[ChunkSize + MaxTextSize];
        for (long offset = 0; offset < size; offset += ChunkSize)
        {
            int count = read(offset, buffer.AsSpan(0, (int)Math.Min(buffer.Length, size - offset)));
            ReadOnlySpan<byte> chunk = buffer.AsSpan(0, count);
            int searched = 0;
            while (chunk[searched..].IndexOf(marker) is int at and >= 0 && searched + at < ChunkSize)
            {
                // One that begins behind the chunk is found with the next, and then with all of its text.
                searched += at + marker.Length;
                string text = GetText(chunk[searched..]);
                if (accept(text))
                    return text;
            }
        }

        return null;
    }

    private static string GetText(ReadOnlySpan<byte> bytes)
    {
        int length = 0;
        while (length < bytes.Length && length < MaxTextSize && bytes[length] is >= 0x20 and < 0x7f)
            length++;

        return Encoding.ASCII.GetString(bytes[..length]);
    }

    /// <summary>Copies what can be read at an offset of an image.</summary>
    internal delegate int ImageReader(long offset, Span<byte> buffer);
}
