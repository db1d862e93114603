namespace Osprey.Traces.Exports.Profiles;

/// <summary>Writes stacks in the folded form that flame graph tools take: <c>main;work;read 17</c>.</summary>
/// <remarks>
/// The form has no escapes. A semicolon within a name becomes a colon, line breaks and other control characters become
/// spaces. The stream stays open; <see cref="Flush"/> when done.
/// </remarks>
public sealed class FoldedWriter(Stream output)
{
    private readonly TextOutput _text = new(output);

    /// <summary>Writes one stack. The same may come again: the tools add up.</summary>
    /// <param name="frames">
    /// The functions' names, the outermost first. A nameless one, and an empty stack, is <c>[unknown]</c>.
    /// </param>
    /// <param name="count">How much it counts.</param>
    public void Add(ReadOnlySpan<string> frames, long count)
    {
        if (frames.IsEmpty)
            WriteFrame("");

        for (int i = 0; i < frames.Length; i++)
        {
            if (i != 0)
                _text.Write((byte)';');

            WriteFrame(frames[i]);
        }

        _text.Write((byte)' ');
        _text.Write(count);
        _text.Write((byte)'\n');
        _text.EndLine();
    }

    /// <summary>Hands all that was written to the stream.</summary>
    public void Flush() => _text.Flush();

    private void WriteFrame(ReadOnlySpan<char> name)
    {
        if (name.IsWhiteSpace())
        {
            _text.Write("[unknown]"u8);
            return;
        }

        while (!name.IsEmpty)
        {
            int good = 0;
            while (good < name.Length && name[good] != ';' && !char.IsControl(name[good]))
                good++;

            _text.Write(name[..good]);
            if (good == name.Length)
                return;

            _text.Write(name[good] == ';' ? (byte)':' : (byte)' ');
            name = name[(good + 1)..];
        }
    }
}
