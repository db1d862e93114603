using Osprey.Binary;

namespace Osprey.Git.Objects;

/// <summary>Reads the first lines of commits and tags, which name other objects.</summary>
internal static class ObjectHeader
{
    /// <summary>Reads the tree of a commit.</summary>
    /// <exception cref="BadDataException">The commit is malformed.</exception>
    public static ObjectId ReadTree(GitObject commit, ObjectFormat format)
    {
        int position = 0;
        return TakeId(commit, "tree "u8, format, ref position)
            ?? throw Bad(commit, position, "expected a line 'tree HASH'");
    }

    /// <summary>Reads the parents of a commit, in order.</summary>
    /// <exception cref="BadDataException">The commit is malformed.</exception>
    public static List<ObjectId> ReadParents(GitObject commit, ObjectFormat format)
    {
        var parents = new List<ObjectId>();
        int position = 0;
        if (TakeId(commit, "tree "u8, format, ref position) is null)
            throw Bad(commit, position, "expected a line 'tree HASH'");

        while (TakeId(commit, "parent "u8, format, ref position) is { } parent)
            parents.Add(parent);

        return parents;
    }

    /// <summary>Reads the object that a tag points to.</summary>
    /// <exception cref="BadDataException">The tag is malformed.</exception>
    public static ObjectId ReadTarget(GitObject tag, ObjectFormat format)
    {
        int position = 0;
        return TakeId(tag, "object "u8, format, ref position)
            ?? throw Bad(tag, position, "expected a line 'object HASH'");
    }

    private static ObjectId? TakeId(GitObject item, ReadOnlySpan<byte> keyword, ObjectFormat format, ref int position)
    {
        ReadOnlySpan<byte> rest = item.Data.Span[position..];
        if (!rest.StartsWith(keyword))
            return null;

        int end = keyword.Length + (2 * format.Size);
        if (
            rest.Length <= end
            || rest[end] != '\n'
            || !ObjectId.TryParse(rest[keyword.Length..end], format, out var id)
        )
            throw Bad(item, position, $"expected a hash of {2 * format.Size} hexadecimal digits");

        position += end + 1;
        return id;
    }

    private static BadDataException Bad(GitObject item, int offset, string problem) =>
        new($"{GitObjectTypes.GetName(item.Type)} {item.Id}", offset, problem);
}
