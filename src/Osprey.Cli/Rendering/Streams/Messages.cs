using Osprey.Binary;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>Messages for the user, on standard error: never among the data.</summary>
internal static class Messages
{
    private const string Name = "osprey:";
    private const string NotePrefix = Name + " note: ";

    private static readonly AsyncLocal<bool> s_isQuiet = new();

    /// <summary>Gets or sets whether notes are left out (<c>--quiet</c>), for this flow of control.</summary>
    public static bool IsQuiet
    {
        get => s_isQuiet.Value;
        set => s_isQuiet.Value = value;
    }

    /// <summary>Writes one line: something that went wrong, or, with <c>note:</c> in front, a note.</summary>
    public static void Write(string line)
    {
        bool isNote = line.StartsWith(NotePrefix, StringComparison.Ordinal);
        if (isNote && IsQuiet)
            return;

        line = MessageText.CleanLines(line);

        if (OutputCapture.Current is { } capture)
        {
            capture.Messages.WriteLine(line);
            return;
        }

        bool isColoured = Colours.AreWanted && !Console.IsErrorRedirected;
        StandardError.WriteLine(
            isColoured && !isNote && line.StartsWith(Name, StringComparison.Ordinal)
                ? Colours.Red(Name, isOn: true) + line[Name.Length..]
                : line
        );
    }

    /// <summary>Writes one line that says how something was done; <c>--quiet</c> leaves it out.</summary>
    public static void Note(string line)
    {
        if (IsQuiet)
            return;

        line = MessageText.CleanLines(line);
        if (OutputCapture.Current is { } capture)
            capture.Messages.WriteLine(line);
        else
            StandardError.WriteLine(line);
    }
}
