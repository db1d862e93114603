using System.Text;
using Osprey.Cli.CommandLine.Editing;

namespace Osprey.Tests.Cli.CommandLine.Editing;

/// <summary>A terminal whose user types what a test says, and that keeps what was written to it.</summary>
internal sealed class KeyScript(int width = 40) : IKeyTerminal
{
    private readonly Queue<ConsoleKeyInfo> _keys = [];

    public int Width => width;

    /// <summary>All that was written.</summary>
    public StringBuilder Written { get; } = new();

    /// <summary>Types letters; <c>^X</c> is a control key, and words in braces are others: <c>{Left}</c>.</summary>
    public KeyScript Type(string keys)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] == '^')
                _keys.Enqueue(
                    new ConsoleKeyInfo((char)(keys[++i] - 'A' + 1), (ConsoleKey)keys[i], false, false, control: true)
                );
            else if (keys[i] == '{')
            {
                string name = keys[(i + 1)..(i = keys.IndexOf('}', i))];
                bool isAlt = name.StartsWith("Alt", StringComparison.Ordinal);
                ConsoleKey key = Enum.Parse<ConsoleKey>(isAlt ? name[3..] : name);
                char letter = key switch
                {
                    ConsoleKey.Enter => '\r',
                    ConsoleKey.Tab => '\t',
                    ConsoleKey.Backspace => '\b',
                    _ => '\0',
                };
                _keys.Enqueue(new ConsoleKeyInfo(letter, key, false, isAlt, false));
            }
            else
                _keys.Enqueue(new ConsoleKeyInfo(keys[i], default, false, false, false));
        }

        return this;
    }

    public ConsoleKeyInfo? ReadKey() => _keys.TryDequeue(out ConsoleKeyInfo key) ? key : null;

    public void Write(string text) => Written.Append(text);

    public IDisposable TakeKeys() => new StringReader("");
}
