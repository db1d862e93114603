namespace Osprey.Git.Objects;

/// <summary>The words that objects have for their types.</summary>
public static class GitObjectTypes
{
    /// <summary>Returns git's word for a type, such as "blob".</summary>
    public static string GetName(GitObjectType type) =>
        type switch
        {
            GitObjectType.Commit => "commit",
            GitObjectType.Tree => "tree",
            GitObjectType.Blob => "blob",
            GitObjectType.Tag => "tag",
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };

    /// <summary>Finds the type that a word means.</summary>
    public static bool TryParse(ReadOnlySpan<byte> word, out GitObjectType type)
    {
        type =
            word.SequenceEqual("commit"u8) ? GitObjectType.Commit
            : word.SequenceEqual("tree"u8) ? GitObjectType.Tree
            : word.SequenceEqual("blob"u8) ? GitObjectType.Blob
            : word.SequenceEqual("tag"u8) ? GitObjectType.Tag
            : default;
        return type != default;
    }
}
