using Osprey.Dap.Protocol.Types;
using Osprey.Session.Guests.Sources;

namespace Osprey.Dap.Guests;

/// <summary>
/// The source files that debug info names, as the client sees them: by the path of this host that has them, or, where
/// none has, by a number that their text is asked for by.
/// </summary>
internal sealed class ClientSources : IDisposable
{
    private const int MaxKnown = 100_000;

    private readonly List<(string From, string To)> _map;
    private readonly SourceLocator _locator;
    private readonly GitSources? _git;
    private readonly Dictionary<string, DapSource> _known = [];
    private readonly List<string> _referred = [];

    /// <param name="map">Folders of the debug info, each with the folder of this host that has its files.</param>
    /// <param name="git">A repository that has the files; null for none.</param>
    public ClientSources(IReadOnlyDictionary<string, string>? map, GitSources? git)
    {
        _map =
        [
            .. (map ?? new Dictionary<string, string>())
                .Select(pair => (From: pair.Key.TrimEnd('/'), To: pair.Value.TrimEnd('/')))
                .OrderByDescending(pair => pair.From.Length),
        ];
        _locator = new SourceLocator(git);
        _git = git;
    }

    /// <summary>Gives a file of the debug info as the client is told of it.</summary>
    public DapSource Describe(string path)
    {
        if (_known.TryGetValue(path, out DapSource? known))
            return known;

        string mapped = Map(path);
        string name = Path.GetFileName(path);
        DapSource source;
        if (File.Exists(mapped))
        {
            source = new DapSource { Name = name, Path = mapped };
        }
        else
        {
            _referred.Add(path);
            source = new DapSource
            {
                Name = name,
                Path = path,
                SourceReference = _referred.Count,
                Origin = _git is not null ? "git" : "not on this host",
            };
        }

        if (_known.Count < MaxKnown)
            _known.Add(path, source);

        return source;
    }

    /// <summary>Gives the text of a file that has a number; null when there is no such file, or no text.</summary>
    /// <exception cref="SourcesException">The repository is damaged.</exception>
    public string? Read(int reference)
    {
        if (reference < 1 || reference > _referred.Count)
            return null;

        return _locator.Find(_referred[reference - 1]) is { } text ? string.Join('\n', text.Lines) + "\n" : null;
    }

    /// <summary>
    /// Gives the paths that debug info may have for a file of the client: the file's own, and those that are mapped to
    /// it.
    /// </summary>
    public IEnumerable<string> FindDebugPaths(DapSource source)
    {
        if (source.SourceReference is int reference && reference > 0 && reference <= _referred.Count)
        {
            yield return _referred[reference - 1];
            yield break;
        }

        if (source.Path is not { Length: > 0 } path)
            yield break;

        foreach ((string from, string to) in _map)
        {
            if (IsBelow(path, to))
                yield return from + path[to.Length..];
        }

        yield return path;
    }

    /// <summary>Closes the repository.</summary>
    public void Dispose() => _git?.Dispose();

    private string Map(string path)
    {
        foreach ((string from, string to) in _map)
        {
            if (IsBelow(path, from))
                return to + path[from.Length..];
        }

        return path;
    }

    private static bool IsBelow(string path, string folder) =>
        path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal);
}
