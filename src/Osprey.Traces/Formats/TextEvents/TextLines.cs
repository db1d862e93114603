using System.Text;
using Osprey.Binary;

namespace Osprey.Traces.Formats.TextEvents;

/// <summary>The lines of a text, read front to back in bounded memory.</summary>
/// <param name="source">The text; bytes that are not UTF-8 become U+FFFD.</param>
internal sealed class TextLines(ByteSource source)
{
    private const int ReadSize = 1 << 16;

    /// <summary>The longest line that is read whole.</summary>
    private const int MaxLine = 1 << 20;

    private readonly byte[] _buffer = new byte[ReadSize + MaxLine];
    private int _start;
    private int _end;
    private long _position;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>
    /// True when the line that was read last has no end: the text was cut there, or it is the last one.
    /// </summary>
    public bool IsOpen { get; private set; }

    /// <summary>The bytes that were read so far.</summary>
    public long BytesRead => _position - (_end - _start);

    /// <summary>Reads the next line.</summary>
    /// <returns>The line without its end; null when there are no more.</returns>
    /// <exception cref="BadDataException">The line is longer than any line of a trace.</exception>
    public string? Read()
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
                return Take(searched + length, ending: 1);

            searched = _end - _start;
            if (searched > MaxLine)
                throw new BadDataException(source.Name, BytesRead, $"line {Number + 1} has over {MaxLine} bytes");

            if (!Fill())
                return searched > 0 ? Take(searched, ending: 0) : null;
        }
    }

    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        int count = source.Read(_position, _buffer.AsSpan(_end, Math.Min(ReadSize, _buffer.Length - _end)));
        _position += count;
        _end += count;
        return count > 0;
    }

    private string Take(int length, int ending)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        _start += length + ending;
        Number++;
        IsOpen = ending == 0;
        return Encoding.UTF8.GetString(line.TrimEnd((byte)'\r'));
    }
}
