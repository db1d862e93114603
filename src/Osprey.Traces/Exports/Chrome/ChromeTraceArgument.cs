namespace Osprey.Traces.Exports.Chrome;

/// <summary>A named value that a trace viewer shows with an event: a text or a whole number.</summary>
public readonly record struct ChromeTraceArgument
{
    /// <summary>Names a text.</summary>
    public ChromeTraceArgument(string name, string text)
    {
        Name = name;
        Text = text;
    }

    /// <summary>Names a whole number.</summary>
    public ChromeTraceArgument(string name, long number)
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
