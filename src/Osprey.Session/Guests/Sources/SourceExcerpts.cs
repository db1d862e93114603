using Osprey.Session.Guests.Code;

namespace Osprey.Session.Guests.Sources;

/// <summary>Cuts the lines around others out of source files; each file is read once.</summary>
/// <param name="sources">Finds the text of source files.</param>
/// <param name="count">The most lines of an excerpt.</param>
public sealed class SourceExcerpts(SourceLocator sources, int count)
{
    /// <summary>Texts that are kept: the stacks of a guest's threads lead through the same files.</summary>
    private const int MaxTexts = 200;

    private readonly Dictionary<string, SourceText?> _texts = [];

    /// <summary>The lines around one.</summary>
    /// <param name="path">The file as debug info names it.</param>
    /// <param name="line">The line, from 1.</param>
    /// <returns>An excerpt without lines when the file is nowhere.</returns>
    /// <exception cref="SourcesException">The repository is damaged, or lacks a part of the commit.</exception>
    public SourceExcerpt Find(string path, int line)
    {
        if (!_texts.TryGetValue(path, out SourceText? text))
        {
            if (_texts.Count == MaxTexts)
                _texts.Clear();

            _texts[path] = text = sources.Find(path);
        }

        int first = Math.Max(1, line - (count / 2));
        return new SourceExcerpt(
            path,
            text?.Origin,
            line,
            first,
            text is null ? [] : [.. text.Lines.Skip(first - 1).Take(count)]
        );
    }
}
