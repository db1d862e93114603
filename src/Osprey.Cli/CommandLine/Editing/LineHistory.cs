using Osprey.Binary;

namespace Osprey.Cli.CommandLine.Editing;

/// <summary>The lines that were typed before, kept in a file from one session to the next.</summary>
/// <param name="path">The file; null to keep them in memory only.</param>
internal sealed class LineHistory(string? path)
{
    private const int MaxLines = 1000;
    private const int MaxFileSize = 1 << 20;

    private readonly List<string> _lines = [];
    private int _place;
    private string _unfinished = "";

    /// <summary>The lines, the oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Opens the history of this user, in the folder for such files ($XDG_STATE_HOME).</summary>
    public static LineHistory Open()
    {
        var history = new LineHistory(Path.Combine(UserFolders.State, "history"));
        history.Load();
        return history;
    }

    /// <summary>Adds a line, unless it is empty or the last one again.</summary>
    public void Add(string line)
    {
        _place = _lines.Count;
        line = line.TrimEnd();
        if (line.Length == 0 || (_lines.Count > 0 && _lines[^1] == line))
            return;

        _lines.Add(line);
        if (_lines.Count > MaxLines)
            _lines.RemoveAt(0);

        _place = _lines.Count;
        Save();
    }

    /// <summary>Gives the line before the one that was given last; null when there is none.</summary>
    /// <param name="current">The line as it was edited meanwhile.</param>
    public string? GoBack(string current)
    {
        if (_place == 0)
            return null;

        if (_place == _lines.Count)
            _unfinished = current;

        return _lines[--_place];
    }

    /// <summary>Gives the line behind the one that was given last; null when there is none.</summary>
    public string? GoForward()
    {
        if (_place >= _lines.Count)
            return null;

        return ++_place == _lines.Count ? _unfinished : _lines[_place];
    }

    /// <summary>Finds the newest line that holds a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="skip">The number of such lines to leave out.</param>
    public string? Search(string text, int skip) =>
        text.Length == 0
            ? null
            : Enumerable
                .Reverse(_lines)
                .Where(line => line.Contains(text, StringComparison.Ordinal))
                .Skip(skip)
                .FirstOrDefault();

    private void Load()
    {
        try
        {
            if (path is not null && new FileInfo(path) is { Exists: true, Length: <= MaxFileSize })
                _lines.AddRange(File.ReadLines(path).TakeLast(MaxLines));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It works without a history as well.
        }

        _place = _lines.Count;
    }

    private void Save()
    {
        if (path is null)
            return;

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllLines(path, _lines);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that can't be written to is no reason to refuse commands.
        }
    }
}
