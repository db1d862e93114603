using System.Text;

namespace Osprey.Session.Guests.Scripts;

/// <summary>
/// Reads scripts of steps for a guest: a line has a step; words are separated by blanks, and one with blanks stands in
/// quotes; <c>#</c> begins a comment.
/// </summary>
/// <remarks>What the steps are is the reader's of each language; words that several have are read by
/// <see cref="ScriptWords"/>, conditions on the guest by <see cref="GuestCondition"/>.</remarks>
public static class ScriptLines
{
    private const int MaxSize = 1 << 20;
    private const int MaxSteps = 10_000;

    /// <summary>Reads a script's file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its text.</returns>
    /// <exception cref="ScriptException">It is too long.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static string Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[MaxSize + 1];
        int size = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return size > MaxSize
            ? throw new ScriptException(path, 1, $"the script is over {MaxSize} bytes")
            : Encoding.UTF8.GetString(bytes, 0, size);
    }

    /// <summary>Reads the steps of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file that it is from, for messages.</param>
    /// <param name="readStep">
    /// Makes a step of a line's number (from 1), its text without comment, and its words, of which there are some. It
    /// throws a <see cref="FormatException"/> for a line that makes no sense.
    /// </param>
    /// <returns>The steps, in order; at least one.</returns>
    /// <exception cref="ScriptException">It is written wrongly; the message has file and line.</exception>
    public static IReadOnlyList<T> Read<T>(string text, string path, Func<int, string, List<string>, T> readStep)
    {
        var steps = new List<T>();
        int number = 0;
        foreach (ReadOnlySpan<char> row in text.AsSpan().EnumerateLines())
        {
            number++;
            try
            {
                List<string> words = ScriptWords.Split(row);
                if (words.Count == 0)
                    continue;

                steps.Add(readStep(number, string.Join(' ', words.Select(ScriptWords.Quote)), words));
            }
            catch (FormatException exception)
            {
                throw new ScriptException(path, number, exception.Message, exception);
            }

            if (steps.Count > MaxSteps)
                throw new ScriptException(path, number, $"the script has over {MaxSteps} steps");
        }

        return steps.Count > 0 ? steps : throw new ScriptException(path, 1, "the script has no steps");
    }
}
