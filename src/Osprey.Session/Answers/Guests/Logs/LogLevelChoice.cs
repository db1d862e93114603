namespace Osprey.Session.Answers.Guests.Logs;

/// <summary>Levels of messages that a user chose.</summary>
public sealed class LogLevelChoice
{
    private readonly int _levels;

    private LogLevelChoice(int levels) => _levels = levels;

    /// <summary>The way in which levels are written, for messages.</summary>
    public static string Syntax { get; } =
        $"{string.Join(", ", LogWords.Levels)}, each with + for more serious ones too";

    /// <summary>
    /// Reads levels, separated by commas, as <c>dmesg --level</c> has them: <c>err,warn</c>, or <c>warn+</c> for warn
    /// and all that are more serious.
    /// </summary>
    /// <returns>Null when one of them is no level.</returns>
    public static LogLevelChoice? TryParse(string text)
    {
        int levels = 0;
        foreach (string part in text.Split(','))
        {
            string word = part.Trim();
            bool isOpen = word.EndsWith('+');
            int level = LogWords.Levels.ToList().IndexOf(isOpen ? word[..^1] : word);
            if (level < 0)
                return null;

            levels |= isOpen ? (2 << level) - 1 : 1 << level;
        }

        return new LogLevelChoice(levels);
    }

    /// <summary>Tells whether a level was chosen.</summary>
    public bool Contains(int level) => level is >= 0 and < 8 && (_levels & (1 << level)) != 0;
}
