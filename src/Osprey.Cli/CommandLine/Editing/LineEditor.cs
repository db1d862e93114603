using Osprey.Cli.CommandLine.Completion;

namespace Osprey.Cli.CommandLine.Editing;

/// <summary>Reads lines from a terminal, with the keys that users of readline have in their fingers.</summary>
/// <param name="terminal">The terminal.</param>
/// <param name="history">The lines typed before; gets new ones.</param>
/// <param name="complete">
/// Lists what may stand in place of the last part of a line that is being typed, and says where that part begins.
/// </param>
/// <remarks>
/// A line is shown in one row of the terminal; a longer one is shown in part, around the cursor. After each key the row
/// is written anew, which needs nothing of the terminal but to go to the row's start and to clear what is behind it.
/// </remarks>
internal sealed class LineEditor(
    IKeyTerminal terminal,
    LineHistory history,
    Func<string, (int Start, IReadOnlyList<CompletionItem> Items)> complete
)
{
    private const int MostShown = 200;
    private const string ClearRest = "\u001b[K";
    private const string ClearScreen = "\u001b[H\u001b[2J";
    private const string Bell = "\a";

    private readonly EditedLine _line = new();
    private string _prompt = "";
    private (string Text, int Skip)? _search;

    /// <summary>Reads a line.</summary>
    /// <param name="prompt">What stands before it.</param>
    /// <returns>Null when the user ends the input, with Ctrl-D in an empty line.</returns>
    public string? ReadLine(string prompt)
    {
        _prompt = prompt;
        _line.Set("");
        using IDisposable keys = terminal.TakeKeys();
        while (true)
        {
            Show();
            if (terminal.ReadKey() is not { } key)
                return null;

            bool isControl = key.Modifiers == ConsoleModifiers.Control;
            if (_search is not null && Search(key))
                continue;

            if (key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n')
            {
                terminal.Write("\r\n");
                history.Add(_line.Text);
                return _line.Text;
            }

            if (isControl && key.Key == ConsoleKey.C)
            {
                terminal.Write("^C\r\n");
                _line.Set("");
            }
            else if (isControl && key.Key == ConsoleKey.D && _line.Text.Length == 0)
            {
                terminal.Write("\r\n");
                return null;
            }
            else if (isControl && key.Key == ConsoleKey.R)
                _search = ("", 0);
            else if (key.Key == ConsoleKey.Tab)
                Complete();
            else
                Edit(key);
        }
    }

    private void Edit(ConsoleKeyInfo key)
    {
        switch (key.Modifiers & ~ConsoleModifiers.Shift, key.Key)
        {
            case (_, ConsoleKey.LeftArrow) when key.Modifiers != 0:
            case (ConsoleModifiers.Alt, ConsoleKey.B):
                _line.MoveByWord(isForward: false);
                break;
            case (_, ConsoleKey.RightArrow) when key.Modifiers != 0:
            case (ConsoleModifiers.Alt, ConsoleKey.F):
                _line.MoveByWord(isForward: true);
                break;
            case (_, ConsoleKey.LeftArrow) or (ConsoleModifiers.Control, ConsoleKey.B):
                _line.Move(-1);
                break;
            case (_, ConsoleKey.RightArrow) or (ConsoleModifiers.Control, ConsoleKey.F):
                _line.Move(1);
                break;
            case (_, ConsoleKey.Home) or (ConsoleModifiers.Control, ConsoleKey.A):
                _line.MoveTo(isEnd: false);
                break;
            case (_, ConsoleKey.End) or (ConsoleModifiers.Control, ConsoleKey.E):
                _line.MoveTo(isEnd: true);
                break;
            case (_, ConsoleKey.UpArrow) or (ConsoleModifiers.Control, ConsoleKey.P):
                Recall(history.GoBack(_line.Text));
                break;
            case (_, ConsoleKey.DownArrow) or (ConsoleModifiers.Control, ConsoleKey.N):
                Recall(history.GoForward());
                break;
            case (ConsoleModifiers.Alt, ConsoleKey.Backspace) or (ConsoleModifiers.Control, ConsoleKey.W):
                _line.DeleteWord(isForward: false);
                break;
            case (ConsoleModifiers.Alt, ConsoleKey.D):
                _line.DeleteWord(isForward: true);
                break;
            case (_, ConsoleKey.Backspace) or (ConsoleModifiers.Control, ConsoleKey.H):
                _line.Delete(isForward: false);
                break;
            case (_, ConsoleKey.Delete) or (ConsoleModifiers.Control, ConsoleKey.D):
                _line.Delete(isForward: true);
                break;
            case (ConsoleModifiers.Control, ConsoleKey.K):
                _line.DeleteRest(isForward: true);
                break;
            case (ConsoleModifiers.Control, ConsoleKey.U):
                _line.DeleteRest(isForward: false);
                break;
            case (ConsoleModifiers.Control, ConsoleKey.Y):
                _line.Restore();
                break;
            case (ConsoleModifiers.Control, ConsoleKey.L):
                terminal.Write(ClearScreen);
                break;
            case (0, _) when !char.IsControl(key.KeyChar):
                _line.Insert(key.KeyChar.ToString());
                break;
            default:
                break;
        }
    }

    private void Recall(string? line)
    {
        if (line is null)
            terminal.Write(Bell);
        else
            _line.Set(line);
    }

    /// <summary>Takes a key while the user searches in the history.</summary>
    /// <returns>False when the search ended and the key is for the line that was found.</returns>
    private bool Search(ConsoleKeyInfo key)
    {
        (string text, int skip) = _search!.Value;
        if (key is { Modifiers: ConsoleModifiers.Control, Key: ConsoleKey.R })
            skip++;
        else if (key.Key == ConsoleKey.Backspace)
            (text, skip) = (text.Length > 0 ? text[..^1] : "", 0);
        else if (key.Modifiers is 0 or ConsoleModifiers.Shift && !char.IsControl(key.KeyChar))
            (text, skip) = (text + key.KeyChar, 0);
        else
        {
            _search = null;
            return key.Key is ConsoleKey.Escape or ConsoleKey.G && key.KeyChar != 'g';
        }

        if (history.Search(text, skip) is { } found)
            _line.Set(found);
        else
        {
            skip = Math.Max(0, skip - 1);
            terminal.Write(Bell);
        }

        _search = (text, skip);
        return true;
    }

    private void Complete()
    {
        (int start, IReadOnlyList<CompletionItem> items) = complete(_line.Head);
        if (items.Count == 0)
        {
            terminal.Write(Bell);
            return;
        }

        string typed = _line.Head[start..];
        string common = items.Select(item => item.Text).Aggregate(FindCommonStart);
        bool isOne = items.Count == 1;
        if (common.Length > typed.Length || isOne)
        {
            string rest = _line.Text[_line.Cursor..];
            string head = _line.Head[..start] + common + (isOne && EndsWord(common) ? " " : "");
            _line.Set(head + rest);
            _line.Move(-rest.Length);
            return;
        }

        Show();
        terminal.Write("\r\n");
        foreach (CompletionItem item in items.Take(MostShown))
            terminal.Write(Shorten($"  {item.Text, -24} {item.Description}") + "\r\n");

        if (items.Count > MostShown)
            terminal.Write($"  and {items.Count - MostShown} more\r\n");
    }

    private static bool EndsWord(string text) => !text.EndsWith('=') && !text.EndsWith(':') && !text.EndsWith('/');

    private string Shorten(string text)
    {
        text = text.TrimEnd();
        return text.Length < terminal.Width ? text : text[..Math.Max(1, terminal.Width - 1)];
    }

    private static string FindCommonStart(string a, string b) => a[..a.AsSpan().CommonPrefixLength(b)];

    private void Show()
    {
        string prompt = _search is { } search ? $"(search '{search.Text}') " : _prompt;
        int room = Math.Max(8, terminal.Width - prompt.Length - 1);
        int first = Math.Max(0, _line.Cursor - room + 1);
        string shown = _line.Text[first..Math.Min(_line.Text.Length, first + room)];
        int back = shown.Length - (_line.Cursor - first);
        terminal.Write($"\r{prompt}{shown}{ClearRest}{(back > 0 ? $"\u001b[{back}D" : "")}");
    }
}
