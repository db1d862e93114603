namespace Osprey.Cli.CommandLine.Editing;

/// <summary>A line that is being typed, and the place in it where the next letter goes.</summary>
internal sealed class EditedLine
{
    private string _removed = "";

    /// <summary>The text.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The place of the cursor, from 0 to the text's length.</summary>
    public int Cursor { get; private set; }

    /// <summary>The text before the cursor.</summary>
    public string Head => Text[..Cursor];

    /// <summary>Replaces all of it and puts the cursor to the end.</summary>
    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    /// <summary>Writes text at the cursor.</summary>
    public void Insert(string text) => (Text, Cursor) = (Text.Insert(Cursor, text), Cursor + text.Length);

    /// <summary>Moves the cursor by some letters, as far as there are any.</summary>
    public void Move(int letters) => Cursor = Math.Clamp(Cursor + letters, 0, Text.Length);

    /// <summary>Moves the cursor to the start or the end.</summary>
    public void MoveTo(bool isEnd) => Cursor = isEnd ? Text.Length : 0;

    /// <summary>Moves the cursor by a word.</summary>
    public void MoveByWord(bool isForward) => Cursor = FindWord(isForward);

    /// <summary>Removes letters before the cursor, or behind it.</summary>
    public void Delete(bool isForward)
    {
        if (isForward ? Cursor < Text.Length : Cursor > 0)
            Text = Text.Remove(isForward ? Cursor : --Cursor, 1);
    }

    /// <summary>Removes the word before the cursor or behind it, and keeps it for <see cref="Restore"/>.</summary>
    public void DeleteWord(bool isForward) => Cut(FindWord(isForward));

    /// <summary>Removes all before the cursor or behind it, and keeps it for <see cref="Restore"/>.</summary>
    public void DeleteRest(bool isForward) => Cut(isForward ? Text.Length : 0);

    /// <summary>Writes what was removed last.</summary>
    public void Restore() => Insert(_removed);

    private void Cut(int to)
    {
        (int start, int end) = to < Cursor ? (to, Cursor) : (Cursor, to);
        if (end > start)
            _removed = Text[start..end];

        (Text, Cursor) = (Text.Remove(start, end - start), start);
    }

    private int FindWord(bool isForward)
    {
        int step = isForward ? 1 : -1;
        int at = Cursor;
        while (HasLetter(at) && LetterAt(at) == ' ')
            at += step;

        while (HasLetter(at) && LetterAt(at) != ' ')
            at += step;

        return at;

        bool HasLetter(int place) => isForward ? place < Text.Length : place > 0;
        char LetterAt(int place) => Text[isForward ? place : place - 1];
    }
}
