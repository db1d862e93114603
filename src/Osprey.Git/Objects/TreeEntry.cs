using System.Text;

namespace Osprey.Git.Objects;

/// <summary>A name in a tree.</summary>
/// <param name="Mode">The mode, such as 0o100644 for a file.</param>
/// <param name="RawName">The name's bytes, which need not be UTF-8.</param>
/// <param name="Id">The object: a blob, a tree, or a commit of another repository.</param>
public sealed record TreeEntry(uint Mode, ReadOnlyMemory<byte> RawName, ObjectId Id)
{
    private const uint TypeMask = 0xf000;
    private const uint FolderType = 0x4000;
    private const uint FileType = 0x8000;
    private const uint SubmoduleType = 0xe000;

    /// <summary>The name as text; bytes that are not UTF-8 become U+FFFD.</summary>
    public string Name => Encoding.UTF8.GetString(RawName.Span);

    /// <summary>Tells whether the object is a tree.</summary>
    public bool IsFolder => (Mode & TypeMask) == FolderType;

    /// <summary>Tells whether the object is the blob of a file, not of a symbolic link.</summary>
    public bool IsFile => (Mode & TypeMask) == FileType;

    /// <summary>Tells whether the object is a submodule's commit, which is in another repository.</summary>
    public bool IsSubmodule => (Mode & TypeMask) == SubmoduleType;

    /// <summary>The type that the mode says.</summary>
    public GitObjectType Type =>
        IsFolder ? GitObjectType.Tree
        : IsSubmodule ? GitObjectType.Commit
        : GitObjectType.Blob;
}
