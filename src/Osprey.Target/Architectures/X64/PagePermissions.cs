namespace Osprey.Target.Architectures.X64;

/// <summary>The permissions that the entries of all levels give together.</summary>
[Flags]
public enum PagePermissions
{
    None = 0,
    Read = 1,
    Write = 2,
    Execute = 4,

    /// <summary>Not only in ring 0.</summary>
    User = 8,
}
