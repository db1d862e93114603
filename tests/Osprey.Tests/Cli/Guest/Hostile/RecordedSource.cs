using Osprey.Binary;

namespace Osprey.Tests.Cli.Guest.Hostile;

/// <summary>Bytes whose reads are recorded: the places that decide what somebody makes of them.</summary>
/// <param name="inner">The bytes; disposed with this.</param>
internal sealed class RecordedSource(ByteSource inner) : ByteSource
{
    private const int MaxReads = 500_000;

    private readonly HashSet<(long Offset, int Size)> _reads = [];

    /// <summary>The reads since the last call, each once.</summary>
    public (long Offset, int Size)[] TakeReads()
    {
        (long, int)[] taken = [.. _reads];
        _reads.Clear();
        return taken;
    }

    public override string Name => inner.Name;

    public override long Length => inner.Length;

    public override int Read(long offset, Span<byte> buffer)
    {
        if (_reads.Count < MaxReads)
            _reads.Add((offset, buffer.Length));

        return inner.Read(offset, buffer);
    }

    public override ReadOnlyMemory<byte> Slice(long offset, long length) => inner.Slice(offset, length);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();

        base.Dispose(disposing);
    }
}
