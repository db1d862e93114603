using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Osprey.Traces.Exports;

/// <summary>Collects UTF-8 text and hands it to a stream in large pieces.</summary>
internal sealed class TextOutput(Stream output)
{
    private const int FlushSize = 64 * 1024;
    private const int LongestNumber = 32;

    private readonly ArrayBufferWriter<byte> _pending = new();

    public void Write(byte character)
    {
        _pending.GetSpan(1)[0] = character;
        _pending.Advance(1);
    }

    public void Write(ReadOnlySpan<byte> text) => _pending.Write(text);

    /// <summary>Writes text; half a surrogate pair becomes U+FFFD.</summary>
    public void Write(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, _pending);

    public void Write(long number)
    {
        Utf8Formatter.TryFormat(number, _pending.GetSpan(LongestNumber), out int size);
        _pending.Advance(size);
    }

    public void Write(double number)
    {
        number.TryFormat(_pending.GetSpan(LongestNumber), out int size);
        _pending.Advance(size);
    }

    /// <summary>Called behind each line: hands over what is there once it is much.</summary>
    public void EndLine()
    {
        if (_pending.WrittenCount >= FlushSize)
            WritePending();
    }

    public void Flush()
    {
        WritePending();
        output.Flush();
    }

    private void WritePending()
    {
        output.Write(_pending.WrittenSpan);
        _pending.ResetWrittenCount();
    }
}
