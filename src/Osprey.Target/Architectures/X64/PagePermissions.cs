namespace Osprey.Target.Architectures.X64;

/// <summary>The permissions that the entries of all levels give together.</summary>
[Flags]
public enum PagePermissions
{
    /// <summary>No access.</summary>
    None = 0,

    /// <summary>The page can be read.</summary>
    Read = 1,

    /// <summary>The page can be written.</summary>
    Write = 2,

    /// <summary>Code in the page can run.</summary>
    Execute = 4,

    /// <summary>Not only in ring 0.</summary>
    User = 8,
}
