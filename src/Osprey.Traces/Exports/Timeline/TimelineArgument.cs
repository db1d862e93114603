namespace Osprey.Traces.Exports.Timeline;

/// <summary>A named value that a trace viewer shows with an event: a text or a whole number.</summary>
public readonly record struct TimelineArgument
{
    /// <summary>Names a text.</summary>
    public TimelineArgument(string name, string text)
    {
        Name = name;
        Text = text;
    }

    /// <summary>Names a whole number.</summary>
    public TimelineArgument(string name, long number)
    {
        Name = name;
        Number = number;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its text; null for a number.</summary>
    public string? Text { get; }

    /// <summary>Its number, when there is no text.</summary>
    public long Number { get; }
}
