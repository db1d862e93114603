using System.Text;

namespace Osprey.Guests;

/// <summary>Finds texts in a kernel's image, chunk by chunk.</summary>
internal static class KernelImageText
{
    /// <summary>Small enough for the processor's cache, large enough that few calls of the system are made.</summary>
    private const int ChunkSize = 128 << 10;
    private const int MaxTextSize = 256;

    /// <summary>Finds the printable text that follows a marker, up to the first byte that is not printable.</summary>
    /// <param name="read">Copies bytes at an offset in the image; a short count where they can't be read.</param>
    /// <param name="size">Bytes to search.</param>
    /// <param name="marker">The bytes that stand before the text.</param>
    /// <param name="accept">Tells the right text from others; format strings often begin alike.</param>
    /// <returns>Null when there is none.</returns>
    public static string? Find(ImageReader read, long size, ReadOnlySpan<byte> marker, Func<string, bool> accept)
    {
        string? found = null;
        var wanted = new KernelImageMarker(
            marker.ToArray(),
            (_, bytes) =>
            {
                string text = GetText(bytes);
                found = accept(text) ? text : null;
                return found is not null;
            }
        );
        FindAll(read, size, wanted);
        return found;
    }

    /// <summary>Looks for several markers in one pass, which ends when each was found and accepted.</summary>
    /// <param name="read">Copies bytes at an offset in the image; a short count where they can't be read.</param>
    /// <param name="size">Bytes to search.</param>
    /// <param name="markers">The markers; each is offered its places until it accepts one.</param>
    public static void FindAll(ImageReader read, long size, params ReadOnlySpan<KernelImageMarker> markers)
    {
        byte[] buffer = new byte[ChunkSize + MaxTextSize];
        byte last = 0;
        for (long offset = 0; offset < size && HasMissing(markers); offset += ChunkSize)
        {
            int count = read(offset, buffer.AsSpan(0, (int)Math.Min(buffer.Length, size - offset)));
            foreach (KernelImageMarker marker in markers)
            {
                if (!marker.IsFound)
                    Search(buffer.AsSpan(0, count), last, marker);
            }

            last = count >= ChunkSize ? buffer[ChunkSize - 1] : (byte)0;
        }
    }

    /// <summary>The printable text at the front of some bytes, at most 256 characters.</summary>
    public static string GetText(ReadOnlySpan<byte> bytes)
    {
        int length = 0;
        while (length < bytes.Length && length < MaxTextSize && bytes[length] is >= 0x20 and < 0x7f)
            length++;

        return Encoding.ASCII.GetString(bytes[..length]);
    }

    private static void Search(ReadOnlySpan<byte> chunk, byte last, KernelImageMarker marker)
    {
        int searched = 0;
        while (chunk[searched..].IndexOf(marker.Bytes) is int at and >= 0 && searched + at < ChunkSize)
        {
            // One that begins behind the chunk is found with the next, and then with all of its text.
            int start = searched + at;
            searched = start + marker.Bytes.Length;
            if (marker.Offer(start == 0 ? last : chunk[start - 1], chunk[searched..]))
                return;
        }
    }

    private static bool HasMissing(ReadOnlySpan<KernelImageMarker> markers)
    {
        foreach (KernelImageMarker marker in markers)
        {
            if (!marker.IsFound)
                return true;
        }

        return false;
    }

    /// <summary>Copies what can be read at an offset of an image.</summary>
    internal delegate int ImageReader(long offset, Span<byte> buffer);
}
