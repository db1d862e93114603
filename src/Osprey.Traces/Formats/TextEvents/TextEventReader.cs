using Osprey.Binary;

namespace Osprey.Traces.Formats.TextEvents;

/// <summary>Reads the events of a text, one by one.</summary>
internal abstract class TextEventReader
{
    private readonly string _name;
    private long _lastUnknown;

    /// <param name="source">The text.</param>
    protected TextEventReader(ByteSource source)
    {
        _name = source.Name;
        Lines = new TextLines(source);
    }

    /// <summary>The bytes that were read so far.</summary>
    public long BytesRead => Lines.BytesRead;

    /// <summary>The number of lines that were not understood.</summary>
    public long UnknownCount { get; private set; }

    /// <summary>The first line that was not understood.</summary>
    public BadDataException? FirstUnknown { get; private set; }

    /// <summary>
    /// The damage of a text that was cut: its last line has no end and was not understood. Null otherwise.
    /// </summary>
    public BadDataException? Cut =>
        Lines.IsOpen && _lastUnknown == Lines.Number
            ? new BadDataException(_name, Lines.BytesRead, $"the text ends within line {Lines.Number}")
            : null;

    /// <summary>The text.</summary>
    protected TextLines Lines { get; }

    /// <summary>The name of what an event is called in messages, such as "event of Linux".</summary>
    protected abstract string Noun { get; }

    /// <summary>Reads the next event with its stack.</summary>
    /// <returns>Null when there are no more.</returns>
    public abstract TextEvent? Read();

    /// <summary>Counts the current line as one that is not understood.</summary>
    protected void Refuse(string line)
    {
        UnknownCount++;
        _lastUnknown = Lines.Number;
        FirstUnknown ??= new BadDataException(
            _name,
            Lines.BytesRead,
            $"line {Lines.Number} is no {Noun}: '{MessageText.Shorten(line.Trim())}'"
        );
    }
}
