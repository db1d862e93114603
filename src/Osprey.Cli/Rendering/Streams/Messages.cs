namespace Osprey.Cli.Rendering.Streams;

/// <summary>Messages for the user, on standard error: never among the data.</summary>
internal static class Messages
{
    /// <summary>Writes one line.</summary>
    public static void Write(string line) => (OutputCapture.Current?.Messages ?? Console.Error).WriteLine(line);
}
