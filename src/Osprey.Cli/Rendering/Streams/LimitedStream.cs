namespace Osprey.Cli.Rendering.Streams;

/// <summary>Keeps what is written, up to a number of bytes: then whoever writes is told that nobody reads on.</summary>
/// <param name="limit">The most bytes.</param>
internal sealed class LimitedStream(int limit) : MemoryStream
{
    /// <summary>Tells whether more was written than is kept.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Writes bytes. A span comes here as well: a memory stream that is derived hands it on.</summary>
    /// <exception cref="BrokenPipeException">There are as many bytes as may be.</exception>
    public override void Write(byte[] buffer, int offset, int count)
    {
        int left = limit - (int)Length;
        base.Write(buffer, offset, Math.Min(left, count));
        if (count <= left)
            return;

        IsFull = true;
        throw new BrokenPipeException();
    }
}
