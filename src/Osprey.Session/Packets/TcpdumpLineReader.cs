using System.Buffers;
using System.Buffers.Text;

namespace Osprey.Session.Packets;

/// <summary>
/// Takes tcpdump's output apart: one line for each packet, told by the time that the packet was given.
/// </summary>
/// <remarks>
/// A packet's text may go on for more lines (hex dumps do), so a line counts only when it starts with the next packet's
/// time, <c>5.000000 </c> for number 5.
/// </remarks>
internal sealed class TcpdumpLineReader(Stream output)
{
    private const int BufferSize = 32 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly ArrayBufferWriter<byte> _line = new();
    private int _start;
    private int _end;

    /// <summary>Reads up to the line of packet <paramref name="number"/>.</summary>
    /// <param name="number">The packet's time in seconds.</param>
    /// <param name="text">Its line without the time, valid until the next call.</param>
    /// <returns><see langword="false"/> when the output ended before.</returns>
    public bool TryRead(uint number, out ReadOnlySpan<byte> text)
    {
        while (TryReadLine())
        {
            if (TryRemoveTime(_line.WrittenSpan, number, out text))
                return true;
        }

        text = [];
        return false;
    }

    private static bool TryRemoveTime(ReadOnlySpan<byte> line, uint number, out ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> fraction = ".000000 "u8;
        text = [];
        if (
            !Utf8Parser.TryParse(line, out uint found, out int size)
            || found != number
            || !line[size..].StartsWith(fraction)
        )
            return false;

        text = line[(size + fraction.Length)..];
        return true;
    }

    private bool TryReadLine()
    {
        _line.ResetWrittenCount();
        while (true)
        {
            ReadOnlySpan<byte> ready = _buffer.AsSpan(_start, _end - _start);
            int length = ready.IndexOf((byte)'\n');
            _line.Write(length < 0 ? ready : ready[..length]);
            if (length >= 0)
            {
                _start += length + 1;
                return true;
            }

            _start = 0;
            _end = output.Read(_buffer);
            if (_end == 0)
                return _line.WrittenCount > 0;
        }
    }
}
