using System.Text;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>The process's standard error.</summary>
/// <remarks>
/// A message that can't be written is lost, and nothing else may come of that: the command goes on, and a guest is left
/// as it was found. .NET's own console would throw, and would switch the keypad of a terminal.
/// </remarks>
internal static class StandardError
{
    private const int Number = 2;
    private const int MaxWaits = 1000;

    /// <summary>Writes a line.</summary>
    public static void WriteLine(string line) => Write(line + "\n");

    /// <summary>Writes text.</summary>
    public static void Write(string text) => Descriptor.Write(Number, Encoding.UTF8.GetBytes(text), MaxWaits);
}
