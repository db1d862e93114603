namespace Osprey.Binary;

/// <summary>A source whose bytes are in memory.</summary>
/// <param name="name">Name of the input, for errors.</param>
/// <param name="data">The bytes; they are not copied.</param>
public sealed class MemoryByteSource(string name, ReadOnlyMemory<byte> data) : ByteSource
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override long Length => data.Length;

    /// <inheritdoc/>
    public override int Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset >= data.Length)
            return 0;

        ReadOnlySpan<byte> rest = data.Span[(int)offset..];
        int count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetMapped(long offset, int maxLength) =>
        offset < 0 || offset >= data.Length
            ? default
            : data.Span.Slice((int)offset, (int)Math.Min(data.Length - offset, maxLength));

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Slice(long offset, long length)
    {
        RequireRange(offset, length);
        return data.Slice((int)offset, (int)length);
    }
}
