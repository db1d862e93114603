using Osprey.Binary;

namespace Osprey.Git.Storage;

/// <summary>
/// Finds the other folders of objects that a folder borrows from: the lines of <c>objects/info/alternates</c>.
/// </summary>
internal static class Alternates
{
    /// <summary>Lists a folder and all that it borrows from, directly or not, each once.</summary>
    /// <param name="folder">The folder, an absolute path.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="addDefect">Is told of folders that are missing, in words.</param>
    public static List<string> List(string folder, GitLimits limits, Action<string> addDefect)
    {
        var folders = new List<string> { folder };
        AddOf(folder, 1, folders, limits, addDefect);
        return folders;
    }

    private static void AddOf(
        string folder,
        int depth,
        List<string> folders,
        GitLimits limits,
        Action<string> addDefect
    )
    {
        string path = Path.Combine(folder, "info", "alternates");
        if (!File.Exists(path))
            return;

        if (depth > limits.MaxAlternateDepth)
        {
            addDefect($"{path}: alternates nested more than {limits.MaxAlternateDepth} deep are not read");
            return;
        }

        foreach (string line in TextFile.Read(path, limits).Split('\n'))
        {
            string name = line.TrimEnd('\r');
            if (name.Length == 0 || name[0] == '#')
                continue;

            // GetFullPath also makes sure that a circle comes back to the same path.
            string other = Path.GetFullPath(Path.Combine(folder, Unquote(name)));
            if (folders.Contains(other))
                continue;

            if (!Directory.Exists(other))
            {
                addDefect($"{path}: there is no folder {MessageText.Shorten(other)}, which objects are borrowed from");
                continue;
            }

            if (folders.Count > limits.MaxAlternates)
            {
                addDefect($"{path}: more than {limits.MaxAlternates} alternates; the others are not read");
                return;
            }

            folders.Add(other);
            AddOf(other, depth + 1, folders, limits, addDefect);
        }
    }

    /// <summary>Git writes paths with special characters in double quotes, with backslashes before some.</summary>
    private static string Unquote(string name) =>
        name.Length >= 2 && name[0] == '"' && name[^1] == '"'
            ? name[1..^1]
                .Replace("\\\"", "\"", StringComparison.Ordinal)
                .Replace("\\\\", "\\", StringComparison.Ordinal)
            : name;
}
