using Osprey.Binary;
using Osprey.Traces.Formats.TextEvents;

namespace Osprey.Traces.Formats.LinuxText;

/// <summary>Puts the lines of a text together to events: each with the stack that stands below it.</summary>
/// <param name="source">The text.</param>
/// <param name="names">Gets the functions of stacks.</param>
internal sealed class LinuxLineReader(ByteSource source, TextNames names) : TextEventReader(source)
{
    private readonly Queue<TextEvent> _derived = [];
    private TextEvent? _next;
    private bool _isInStack;

    /// <inheritdoc/>
    protected override string Noun => "event of Linux";

    /// <inheritdoc/>
    public override TextEvent? Read()
    {
        if (_derived.TryDequeue(out TextEvent? derived))
            return derived;

        TextEvent? line = ReadLine();
        if (line is not null)
            LinuxSchedule.AddDerived(line, _derived);

        return line;
    }

    private TextEvent? ReadLine()
    {
        while (Lines.Read() is string line)
        {
            if (line.Length == 0)
            {
                _isInStack = false;
            }
            else if (line[0] == '#' || IsRemark(line))
            {
                continue;
            }
            else if (
                _isInStack
                && IsFrameLine(line)
                && LinuxLineParser.TryParseFrame(line, out ulong? address, out string? name)
            )
            {
                _next?.AddFrame(names.Add(address, name));
            }
            else if (LinuxLineParser.TryParse(line) is TextEvent parsed)
            {
                _isInStack = true;
                if (parsed.Name is "kernel_stack" or "user_stack")
                    continue; // the stack of the event before

                if (parsed.Frames.Count == 1)
                    names.Add(parsed.Frames[0], parsed.Find("function"));

                TextEvent? whole = _next;
                _next = parsed;
                if (whole is not null)
                    return whole;
            }
            else if (!line.Contains("<stack trace", StringComparison.Ordinal))
            {
                Refuse(line);
            }
        }

        TextEvent? last = _next;
        _next = null;
        return last;
    }

    /// <summary>Tells whether a line can belong to a stack: it is indented, or begins with an arrow.</summary>
    private static bool IsFrameLine(string line) =>
        line[0] == '\t'
        || line.StartsWith("=> ", StringComparison.Ordinal)
        || line.StartsWith(" => ", StringComparison.Ordinal);

    /// <summary>Tells whether a line is one that trace-cmd writes about the file or its buffers.</summary>
    private static bool IsRemark(string line) =>
        line.StartsWith("cpus=", StringComparison.Ordinal)
        || line.StartsWith("version = ", StringComparison.Ordinal)
        || (line.StartsWith("CPU ", StringComparison.Ordinal) && line.EndsWith(" is empty", StringComparison.Ordinal))
        || (
            line.StartsWith("CPU:", StringComparison.Ordinal)
            && line.EndsWith("EVENTS DROPPED]", StringComparison.Ordinal)
        );
}
