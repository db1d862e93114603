using Osprey.Binary;

namespace Osprey.Git.Objects;

/// <summary>Reads a tree's entries: <c>MODE NAME\0HASH</c>, the mode in octal digits.</summary>
internal static class TreeReader
{
    private const int MaxModeDigits = 7;

    /// <summary>Reads all entries, in the tree's order.</summary>
    /// <exception cref="BadDataException">The tree is malformed.</exception>
    public static List<TreeEntry> Read(GitObject tree, ObjectFormat format)
    {
        var entries = new List<TreeEntry>();
        int position = 0;
        while (position < tree.Data.Length)
            entries.Add(ReadEntry(tree, format, ref position));

        return entries;
    }

    /// <summary>Finds one entry; null when the tree has none of that name.</summary>
    /// <exception cref="BadDataException">The tree is malformed.</exception>
    public static TreeEntry? Find(GitObject tree, ObjectFormat format, ReadOnlySpan<byte> name)
    {
        int position = 0;
        while (position < tree.Data.Length)
        {
            TreeEntry entry = ReadEntry(tree, format, ref position);
            if (entry.RawName.Span.SequenceEqual(name))
                return entry;
        }

        return null;
    }

    private static TreeEntry ReadEntry(GitObject tree, ObjectFormat format, ref int position)
    {
        int start = position;
        ReadOnlySpan<byte> rest = tree.Data.Span[start..];
        int blank = rest[..Math.Min(rest.Length, MaxModeDigits + 1)].IndexOf((byte)' ');
        if (blank <= 0)
            throw Bad(tree, start, "an entry without a mode");

        uint mode = 0;
        foreach (byte digit in rest[..blank])
        {
            if (digit is < (byte)'0' or > (byte)'7')
                throw Bad(tree, start, "a mode that is not octal");

            mode = (mode << 3) | (uint)(digit - '0');
        }

        int length = rest[(blank + 1)..].IndexOf((byte)0);
        if (length <= 0)
            throw Bad(tree, start, length < 0 ? "a name without an end" : "an entry without a name");

        int hash = blank + 1 + length + 1;
        if (rest.Length - hash < format.Size)
            throw Bad(tree, start, $"expected a hash of {format.Size} bytes, have {rest.Length - hash}");

        position = start + hash + format.Size;
        return new TreeEntry(
            mode,
            tree.Data.Slice(start + blank + 1, length),
            new ObjectId(rest.Slice(hash, format.Size))
        );
    }

    private static BadDataException Bad(GitObject tree, int offset, string problem) =>
        new($"tree {tree.Id}", offset, problem);
}
