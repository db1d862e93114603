using System.Globalization;

namespace Osprey.Session.Answers.Guests.Logs;

/// <summary>The words for levels and facilities of messages, as <c>dmesg</c> has them.</summary>
internal static class LogWords
{
    private static readonly string[] s_facilities =
    [
        "kern",
        "user",
        "mail",
        "daemon",
        "auth",
        "syslog",
        "lpr",
        "news",
        "uucp",
        "cron",
        "authpriv",
        "ftp",
    ];

    /// <summary>The levels, by their numbers.</summary>
    public static IReadOnlyList<string> Levels { get; } =
    ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];

    /// <summary>The word for a level; the number where there is none.</summary>
    public static string GetLevel(int level) => Get(Levels, level);

    /// <summary>The word for a facility; the number where there is none.</summary>
    public static string GetFacility(int facility) => Get(s_facilities, facility);

    private static string Get(IReadOnlyList<string> words, int number) =>
        number >= 0 && number < words.Count ? words[number] : number.ToString(CultureInfo.InvariantCulture);
}
