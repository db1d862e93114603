namespace Osprey.Git.Packs;

/// <summary>Kinds of entries in a pack; the first four are the types of objects.</summary>
public enum PackEntryKind
{
    /// <summary>A commit.</summary>
    Commit = 1,

    /// <summary>A tree.</summary>
    Tree = 2,

    /// <summary>A blob.</summary>
    Blob = 3,

    /// <summary>An annotated tag.</summary>
    Tag = 4,

    /// <summary>A delta of the entry that is so many bytes before it in the pack.</summary>
    OffsetDelta = 6, // OBJ_OFS_DELTA

    /// <summary>A delta of an object that is named.</summary>
    ReferenceDelta = 7, // OBJ_REF_DELTA
}
