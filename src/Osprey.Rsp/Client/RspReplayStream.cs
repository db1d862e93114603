namespace Osprey.Rsp.Client;

/// <summary>
/// Plays the stub's part of a conversation that <see cref="RspTranscript"/> recorded, and checks that the client sends
/// what was sent then.
/// </summary>
/// <remarks>
/// A read returns the bytes of one recorded read, as soon as all that was sent before it has been written again.
/// Writing other bytes than were sent then throws an <see cref="IOException"/>. Reading where the stub sent nothing
/// times out at once.
/// </remarks>
internal sealed class RspReplayStream : Stream
{
    private readonly List<(char Mark, byte[] Bytes)> _steps = [];
    private int _step;
    private int _offset;

    /// <summary>Parses a transcript.</summary>
    /// <param name="transcript">The text of the transcript.</param>
    /// <exception cref="FormatException">A line is not in the format of a transcript.</exception>
    public RspReplayStream(string transcript)
    {
        foreach (string line in transcript.ReplaceLineEndings("\n").Split('\n'))
        {
            var bytes = new List<byte>();
            if (line.Length == 0 || line[0] == '#')
                continue;

            if (line is "! timeout" or "! end")
                _steps.Add((line[2], []));
            else if (
                (line.StartsWith("> ", StringComparison.Ordinal) || line.StartsWith("< ", StringComparison.Ordinal))
                && RspText.TryParse(line.AsSpan(2), bytes)
            )
                _steps.Add((line[0], [.. bytes]));
            else
                throw new FormatException($"expected a line of a transcript, found \"{line}\"");
        }
    }

    /// <summary>True when the whole conversation has been played.</summary>
    public bool IsAtEnd => _step == _steps.Count;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanTimeout => true;

    /// <inheritdoc/>
    public override int ReadTimeout { get; set; }

    /// <inheritdoc/>
    public override int WriteTimeout { get; set; }

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_step == _steps.Count)
            return 0;

        (char mark, byte[] bytes) = _steps[_step];
        if (mark is 'e')
            return 0;

        if (mark is not '<')
        {
            if (mark is 't')
                _step++;

            throw new IOException("nothing was received here", new TimeoutException());
        }

        int size = Math.Min(buffer.Length, bytes.Length - _offset);
        bytes.AsSpan(_offset, size).CopyTo(buffer);
        Advance(size);
        return size;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            while (_step < _steps.Count && _steps[_step].Mark == 't')
                _step++;

            ReadOnlySpan<byte> expected =
                _step < _steps.Count && _steps[_step].Mark == '>' ? _steps[_step].Bytes.AsSpan(_offset) : [];
            int size = Math.Min(expected.Length, buffer.Length);
            if (size == 0 || !buffer[..size].SequenceEqual(expected[..size]))
                throw new IOException(
                    $"step {_step} of the transcript: expected \"{RspText.Excerpt(expected)}\", "
                        + $"the client sent \"{RspText.Excerpt(buffer)}\""
                );

            Advance(size);
            buffer = buffer[size..];
        }
    }

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private void Advance(int size)
    {
        _offset += size;
        if (_offset == _steps[_step].Bytes.Length)
        {
            _step++;
            _offset = 0;
        }
    }
}
