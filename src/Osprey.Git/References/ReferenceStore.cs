using System.Text;
using Osprey.Binary;
using Osprey.Git.Objects;

namespace Osprey.Git.References;

/// <summary>
/// The references of a repository: files below <c>refs</c>, each with a hash or <c>ref: NAME</c>, and
/// <c>packed-refs</c>, which has many in one file.
/// </summary>
/// <remarks>
/// A file counts for more than the same name in packed-refs. A worktree has its own HEAD and a few others; the rest is
/// in the common folder.
/// </remarks>
internal sealed class ReferenceStore
{
    private const int MaxFileSize = 4096;

    private static readonly string[] s_ownedByWorktree = ["refs/bisect/", "refs/worktree/", "refs/rewritten/"];

    private readonly string _folder;
    private readonly string _commonFolder;
    private readonly ObjectFormat _format;
    private readonly GitLimits _limits;

    /// <param name="folder">The repository's own folder.</param>
    /// <param name="commonFolder">The one that all its worktrees share.</param>
    /// <param name="format">The hash that names are.</param>
    /// <param name="limits">The limits.</param>
    public ReferenceStore(string folder, string commonFolder, ObjectFormat format, GitLimits limits)
    {
        _folder = folder;
        _commonFolder = commonFolder;
        _format = format;
        _limits = limits;
    }

    /// <summary>Finds the object that a name points to, whole or short; null when there is no such reference.</summary>
    /// <exception cref="BadDataException">A reference is malformed.</exception>
    public ResolvedReference? Find(string name)
    {
        foreach (string fullName in ReferenceName.Expand(name))
        {
            if (Follow(fullName) is { } found)
                return found;
        }

        return null;
    }

    private ResolvedReference? Follow(string name)
    {
        var steps = new List<ReferenceStep>();
        while (true)
        {
            if (ReadFile(name) is { } file)
            {
                steps.Add(new ReferenceStep(name, file.Path));
                if (file.Target is null)
                    return new ResolvedReference(file.Id, steps);

                if (steps.Count > _limits.MaxSymbolicReferences)
                    throw new BadDataException(
                        file.Path,
                        0,
                        $"symbolic references over the limit of {_limits.MaxSymbolicReferences}"
                    );

                name = file.Target;
            }
            else if (FindPacked(name) is { } packed)
            {
                steps.Add(new ReferenceStep(name, PackedPath));
                return new ResolvedReference(packed, steps);
            }
            else
            {
                return null; // also a branch that has no commit yet
            }
        }
    }

    private string PackedPath => Path.Combine(_commonFolder, "packed-refs");

    private (string Path, ObjectId Id, string? Target)? ReadFile(string name)
    {
        bool isOwn =
            !name.StartsWith("refs/", StringComparison.Ordinal)
            || s_ownedByWorktree.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
        string path = Path.Combine(isOwn ? _folder : _commonFolder, name);
        if (!File.Exists(path))
            return null;

        using ByteSource file = ByteSource.OpenFile(path);
        string text = Encoding.UTF8.GetString(file.Slice(0, Math.Min(file.Length, MaxFileSize)).Span);
        if (text.StartsWith("ref:", StringComparison.Ordinal))
        {
            string target = text[4..].Trim();
            return ReferenceName.IsFullName(target)
                ? (path, default, target)
                : throw new BadDataException(path, 0, $"'{MessageText.Shorten(target)}' is no name of a reference");
        }

        int digits = 2 * _format.Size;
        return text.Length >= digits && ObjectId.TryParse(text.AsSpan(0, digits), _format, out ObjectId id)
            ? (path, id, null)
            : throw new BadDataException(path, 0, $"expected 'ref: NAME' or {digits} hexadecimal digits");
    }

    /// <summary>Finds a name in packed-refs: lines <c>HASH NAME</c>.</summary>
    private ObjectId? FindPacked(string name)
    {
        if (!File.Exists(PackedPath))
            return null;

        using ByteSource file = ByteSource.OpenFile(PackedPath);
        if (file.Length > _limits.MaxTextSize)
            throw new BadDataException(
                PackedPath,
                0,
                $"{file.Length} bytes are over the limit of {_limits.MaxTextSize}"
            );

        // The file may have 100,000 lines: looking for the bytes of the name beats taking it apart.
        ReadOnlySpan<byte> text = file.Slice(0, file.Length).Span;
        byte[] wanted = Encoding.UTF8.GetBytes(" " + name);
        int digits = 2 * _format.Size;
        for (int start = 0; text[start..].IndexOf(wanted) is int found and >= 0; )
        {
            int blank = start + found;
            int end = blank + wanted.Length;
            start = end;
            if (end < text.Length && text[end] is not ((byte)'\n' or (byte)'\r'))
                continue;

            int line = blank - digits;
            if (line < 0 || (line > 0 && text[line - 1] != '\n'))
                continue; // part of a comment

            return ObjectId.TryParse(text[line..blank], _format, out ObjectId id)
                ? id
                : throw new BadDataException(PackedPath, line, $"expected {digits} hexadecimal digits");
        }

        return null;
    }
}
