namespace Osprey.Cli.Rendering.Streams;

/// <summary>
/// Holds back what is written until it is known that there is more than a frame around nothing.
/// </summary>
/// <remarks>Beyond 64 KiB nothing is held back: there is surely something in it.</remarks>
/// <param name="target">Where to; stays open.</param>
internal sealed class HeldBackStream(Stream target) : Stream
{
    private const int MaxHeld = 1 << 16;

    private MemoryStream? _held = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Writes what was held back, and from now on at once.</summary>
    public void Release()
    {
        if (_held is not { } held)
            return;

        _held = null;
        held.WriteTo(target);
        target.Flush();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_held is { } held && held.Length + buffer.Length <= MaxHeld)
        {
            held.Write(buffer);
            return;
        }

        Release();
        target.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        if (_held is null)
            target.Flush();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
