using Osprey.Binary;

namespace Osprey.Guests.Osv.Modules;

/// <summary>
/// The list of an OSv image's files that a build leaves in its folder: a line <c>/path/in/guest: path/on/host</c> for
/// each. A host path that begins with <c>-></c> is a symbolic link in the guest; <c>/**</c> at the ends stands for all
/// files of a folder, <c>&amp;</c> for the same path.
/// </summary>
internal sealed class OsvManifest
{
    private const long MaxSize = 16 << 20;
    private const int MaxLinks = 16;

    private readonly List<(string Guest, string Host)> _rows = [];

    /// <summary>Reads a manifest; null when there is none, or it can't be read.</summary>
    public static OsvManifest? TryRead(string path)
    {
        try
        {
            if (FileKinds.Find(path) != FileKind.Regular || new FileInfo(path).Length > MaxSize)
                return null;

            var manifest = new OsvManifest();
            foreach (string line in File.ReadLines(path))
                manifest.Add(line);

            return manifest;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Lists host paths for a guest path, the last line that names it first; they need not exist.</summary>
    public IEnumerable<string> Find(string guestPath) => Find(Normalize(guestPath), 0);

    private IEnumerable<string> Find(string guestPath, int links)
    {
        for (int i = _rows.Count - 1; i >= 0; i--)
        {
            (string guest, string host) = _rows[i];
            string? found = Match(guest, host, guestPath);
            if (found is null)
                continue;

            if (!found.StartsWith("->", StringComparison.Ordinal))
            {
                yield return found;
                continue;
            }

            if (links == MaxLinks)
                yield break;

            string folder = Path.GetDirectoryName(guestPath) ?? "/";
            foreach (string target in Find(Normalize(Path.Combine(folder, found[2..])), links + 1))
                yield return target;
        }
    }

    private static string? Match(string guest, string host, string path)
    {
        if (guest == path)
            return host;

        // All files below a folder.
        if (
            guest.EndsWith("/**", StringComparison.Ordinal)
            && host.EndsWith("/**", StringComparison.Ordinal)
            && path.StartsWith(guest[..^2], StringComparison.Ordinal)
        )
            return host[..^2] + path[(guest.Length - 2)..];

        return null;
    }

    private void Add(string line)
    {
        int colon = line.IndexOf(": ", StringComparison.Ordinal);
        if (colon <= 0 || line[0] is '#' or '[')
            return;

        string guest = line[..colon].Trim();
        string host = line[(colon + 2)..].Trim();

        // The guest's own path within another folder: "/&/etc/hosts: ../../static/&".
        int same = guest.IndexOf("/&", StringComparison.Ordinal);
        if (same >= 0)
        {
            string rest = guest[(same + 2)..];
            host = host.Replace("&", rest, StringComparison.Ordinal);
            guest = guest[..same] + rest;
        }

        if (guest.Length > 0 && host.Length > 0 && !host.Contains("%(", StringComparison.Ordinal))
            _rows.Add((Normalize(guest), host));
    }

    private static string Normalize(string path) => Path.GetFullPath("/" + path.TrimStart('/'));
}
