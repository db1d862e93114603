namespace Osprey.Binary;

/// <summary>Kinds of files that a path can lead to.</summary>
public enum FileKind
{
    /// <summary>There is none, or its kind can't be told.</summary>
    Unknown,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe with a name: opening one waits for whoever writes into it.</summary>
    Pipe,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A device.</summary>
    Device,
}
