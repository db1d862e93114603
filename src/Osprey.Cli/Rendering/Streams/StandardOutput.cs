using System.Runtime.InteropServices;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>The process's standard output as bytes, unbuffered.</summary>
/// <remarks>
/// .NET's own console stream hides a broken pipe, so that a listing cut by <c>head</c> would run on to its end, and its
/// file stream writes by position, which overwrites what another process has written to the same redirected file.
/// </remarks>
internal sealed class StandardOutput : Stream
{
    private const int Number = 1;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        switch (Descriptor.Write(Number, buffer))
        {
            case 0:
                break;
            case Descriptor.BrokenPipe:
                throw new BrokenPipeException();
            case int error:
                throw new IOException($"standard output: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }
}
