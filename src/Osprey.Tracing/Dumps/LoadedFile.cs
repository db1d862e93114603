using System.Globalization;

namespace Osprey.Tracing.Dumps;

/// <summary>A program or library that the process has mapped.</summary>
/// <param name="Path">The file's path.</param>
/// <param name="Start">The address of its first mapping.</param>
/// <param name="End">The address behind its last one.</param>
internal sealed record LoadedFile(string Path, ulong Start, ulong End)
{
    private const string Maps = "/proc/self/maps";

    /// <summary>Reads the files of which a part is executable, by address; none where there is no /proc.</summary>
    public static IReadOnlyList<LoadedFile> ReadAll()
    {
        if (!File.Exists(Maps))
            return [];

        Dictionary<string, LoadedFile> files = [];
        HashSet<string> executable = [];
        foreach (string line in File.ReadLines(Maps))
        {
            // address perms offset dev inode path
            int path = line.IndexOf('/', StringComparison.Ordinal);
            int dash = line.IndexOf('-', StringComparison.Ordinal);
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (path < 0 || dash < 0 || space < dash || line.Length < space + 5)
                continue;
            if (
                !ulong.TryParse(line.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, null, out ulong start)
                || !ulong.TryParse(
                    line.AsSpan(dash + 1, space - dash - 1),
                    NumberStyles.AllowHexSpecifier,
                    null,
                    out ulong end
                )
            )
            {
                continue;
            }

            string name = line[path..];
            if (name.StartsWith("/memfd:", StringComparison.Ordinal))
                continue;
            if (line[space + 3] == 'x')
                executable.Add(name);
            files[name] = files.TryGetValue(name, out LoadedFile? file)
                ? file with
                {
                    End = Math.Max(end, file.End),
                }
                : new LoadedFile(name, start, end);
        }

        return [.. files.Values.Where(file => executable.Contains(file.Path)).OrderBy(file => file.Start)];
    }
}
