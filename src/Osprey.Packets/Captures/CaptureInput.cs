using System.Diagnostics.CodeAnalysis;
using Osprey.Binary;

namespace Osprey.Packets.Captures;

/// <summary>Reads a capture front to back: pipes will do. Each part read replaces the one before it.</summary>
internal sealed class CaptureInput(Stream stream, string name)
{
    /// <summary>
    /// The buffer grows by this much as bytes arrive: a length that lies does not make us allocate all of it.
    /// </summary>
    private const int StepSize = 64 * 1024;

    private byte[] _buffer = new byte[256];

    /// <summary>The input's name as the user knows it.</summary>
    public string Name => name;

    /// <summary>Bytes read so far.</summary>
    public long Offset { get; private set; }

    /// <summary>Reads the next bytes; fewer only where the input ends.</summary>
    public ReadOnlyMemory<byte> ReadUpTo(int size)
    {
        int count = 0;
        while (count < size)
        {
            if (count == _buffer.Length)
                Array.Resize(ref _buffer, Math.Min(size, _buffer.Length + Math.Max(StepSize, _buffer.Length)));

            int read = stream.Read(_buffer, count, Math.Min(size, _buffer.Length) - count);
            if (read == 0)
                break;

            count += read;
        }

        Offset += count;
        return _buffer.AsMemory(0, count);
    }

    /// <summary>Reads the next bytes.</summary>
    /// <param name="size">How many.</param>
    /// <param name="what">Their name, for the error.</param>
    /// <exception cref="BadDataException">The input ends before.</exception>
    public ReadOnlyMemory<byte> Read(int size, string what)
    {
        long start = Offset;
        ReadOnlyMemory<byte> bytes = ReadUpTo(size);
        if (bytes.Length < size)
            ThrowBad(start, $"{what} is cut short: expected {size} bytes, have {bytes.Length}");

        return bytes;
    }

    /// <summary>Throws the error for a place in the input.</summary>
    [DoesNotReturn]
    public void ThrowBad(long offset, string problem) => throw new BadDataException(name, offset, problem);
}
