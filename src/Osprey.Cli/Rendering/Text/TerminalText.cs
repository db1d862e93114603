using Osprey.Binary;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Makes names that a guest sent harmless to a terminal.</summary>
internal static class TerminalText
{
    /// <summary>
    /// The text with what would move the cursor, change colours or turn the writing direction as <c>\x1b</c> or
    /// <c>\u202e</c>.
    /// </summary>
    public static string Escape(string text) => MessageText.Escape(text);
}
