using System.Globalization;
using System.Text;

namespace Osprey.Dap.Protocol;

/// <summary>Takes messages out of the bytes that a client sends: a header with their length before each.</summary>
/// <remarks>
/// A header that is not understood costs all up to the next one, and a message that is too long is passed over: each
/// is told of once.
/// </remarks>
internal sealed class DapFraming
{
    /// <summary>The longest message that is taken, in bytes.</summary>
    public const int MaxMessageSize = 16 << 20;

    private const int MaxHeaderSize = 4096;
    private static readonly byte[] s_lengthName = "Content-Length:"u8.ToArray();

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private long _skipped;
    private bool _isLost;

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_skipped > 0)
        {
            int passed = (int)Math.Min(_skipped, bytes.Length);
            _skipped -= passed;
            bytes = bytes[passed..];
        }

        if (bytes.IsEmpty)
            return;

        if (_buffer.Length - _end < bytes.Length)
        {
            int kept = _end - _start;
            byte[] larger =
                kept + bytes.Length <= _buffer.Length / 2
                    ? _buffer
                    : new byte[Math.Max(4096, (kept + bytes.Length) * 2)];
            _buffer.AsSpan(_start, kept).CopyTo(larger);
            (_buffer, _start, _end) = (larger, 0, kept);
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Takes the next input off the bytes; null when more must come first.</summary>
    public DapInput? Take()
    {
        if (_isLost && !TryFindHeader())
            return null;

        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, _end - _start);
        int headerSize = bytes.IndexOf("\r\n\r\n"u8);
        if (headerSize < 0)
            return bytes.Length > MaxHeaderSize ? Lose("a header has no end", bytes.Length) : null;

        if (headerSize > MaxHeaderSize)
            return Lose("a header is too long", headerSize);

        string? problem = ReadLength(bytes[..headerSize], out int length);
        int bodyStart = headerSize + 4;
        if (problem is not null)
            return Lose(problem, bodyStart);

        if (length > MaxMessageSize)
        {
            int here = Math.Min(length, bytes.Length - bodyStart);
            _start += bodyStart + here;
            _skipped = length - here;
            return DapInput.Malformed($"a message of {length} bytes is longer than {MaxMessageSize}");
        }

        if (bytes.Length - bodyStart < length)
            return null;

        var input = DapInput.Parse(_buffer.AsMemory(_start + bodyStart, length));
        _start += bodyStart + length;
        return input;
    }

    private static string? ReadLength(ReadOnlySpan<byte> header, out int length)
    {
        length = 0;
        bool isKnown = false;
        foreach (string line in Encoding.Latin1.GetString(header).Split("\r\n"))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                return "a line of a header has no colon";

            if (!line.AsSpan(0, colon).Trim().Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                continue;

            isKnown = int.TryParse(
                line.AsSpan(colon + 1).Trim(),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out length
            );
        }

        return isKnown ? null : "a header has no length";
    }

    private DapInput Lose(string problem, int size)
    {
        _isLost = true;
        _start += size;
        return DapInput.Malformed(problem);
    }

    private bool TryFindHeader()
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, _end - _start);
        int at = bytes.IndexOf(s_lengthName);
        if (at < 0)
        {
            _start += Math.Max(0, bytes.Length - s_lengthName.Length + 1);
            return false;
        }

        _start += at;
        _isLost = false;
        return true;
    }
}
