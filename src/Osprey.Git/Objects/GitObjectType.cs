namespace Osprey.Git.Objects;

/// <summary>Types of objects, with the numbers that packs have for them.</summary>
public enum GitObjectType
{
    /// <summary>A commit: a tree, parents, author, message.</summary>
    Commit = 1,

    /// <summary>A folder: names with modes and objects.</summary>
    Tree = 2,

    /// <summary>The bytes of a file.</summary>
    Blob = 3,

    /// <summary>An annotated tag.</summary>
    Tag = 4,
}
