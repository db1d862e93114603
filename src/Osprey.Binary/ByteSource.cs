namespace Osprey.Binary;

/// <summary>
/// A sequence of bytes that can be read at any offset: a file, a mapping, an array. Lengths are 64-bit; nothing is
/// loaded ahead.
/// </summary>
/// <remarks>Reading is thread-safe.</remarks>
public abstract class ByteSource : IDisposable
{
    /// <summary>The input's name as the user knows it, for errors.</summary>
    public abstract string Name { get; }

    /// <summary>Size in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Maps a file for reading. The file must not be cut short while the source is in use.</summary>
    /// <exception cref="IOException">The file can't be opened or mapped.</exception>
    public static ByteSource OpenFile(string path) => FileByteSource.Open(path);

    /// <summary>
    /// Copies the bytes at <paramref name="offset"/> to the buffer; fewer are copied only where the source ends.
    /// </summary>
    /// <returns>The number of bytes copied.</returns>
    public abstract int Read(long offset, Span<byte> buffer);

    /// <summary>Returns the bytes of a range, without a copy where the source can do that.</summary>
    /// <exception cref="BadDataException">
    /// The range does not lie within the source, or is longer than 2 GiB.
    /// </exception>
    public abstract ReadOnlyMemory<byte> Slice(long offset, long length);

    /// <summary>
    /// Returns the bytes of a range also where some of them can't be had, as those of a file in a guest's memory. Those
    /// are any, and must not be used.
    /// </summary>
    /// <param name="offset">The range's start.</param>
    /// <param name="length">Its size.</param>
    /// <param name="gaps">Where bytes are missing, in order: offsets in the range.</param>
    /// <exception cref="BadDataException">The range does not lie within the source, or is too long.</exception>
    public virtual ReadOnlyMemory<byte> SliceWithGaps(long offset, long length, out IReadOnlyList<Range> gaps)
    {
        gaps = [];
        return Slice(offset, length);
    }

    /// <summary>
    /// Returns the bytes at <paramref name="offset"/> as they lie in memory: no copy, no allocation. They are valid
    /// until the source is disposed.
    /// </summary>
    /// <returns>
    /// At most <paramref name="maxLength"/> bytes; fewer at the source's end; none when its bytes do not lie in memory.
    /// </returns>
    public virtual ReadOnlySpan<byte> GetMapped(long offset, int maxLength) => default;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the source holds.</summary>
    protected virtual void Dispose(bool disposing) { }

    /// <summary>Checks a range that an input declares.</summary>
    /// <exception cref="BadDataException">
    /// The range does not lie within the source, or is longer than 2 GiB.
    /// </exception>
    protected void RequireRange(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length || length > Length - offset)
            throw new BadDataException(
                Name,
                offset,
                $"expected {length} bytes, have {Math.Max(0, Length - Math.Max(0, offset))}"
            );

        if (length > int.MaxValue)
            throw new BadDataException(Name, offset, $"a part of {length} bytes is over the limit of {int.MaxValue}");
    }
}
