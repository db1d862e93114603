namespace Osprey.Cli.Rendering.Streams;

/// <summary>
/// The few colours that a terminal is shown; none where NO_COLOR is set or the terminal is a dumb one.
/// </summary>
internal static class Colours
{
    private const string Reset = "\u001b[0m";

    /// <summary>Tells whether the user wants colours on a terminal.</summary>
    public static bool AreWanted { get; } =
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } terminal
        && terminal != "dumb";

    public static string Bold(string text, bool isOn) => isOn ? $"\u001b[1m{text}{Reset}" : text;

    public static string Red(string text, bool isOn) => isOn ? $"\u001b[31m{text}{Reset}" : text;
}
