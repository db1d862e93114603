namespace Osprey.Symbols.Sources;

/// <summary>A folder that holds a copy of a guest's file system.</summary>
public static class Sysroot
{
    /// <summary>The copy of a guest's file, or null; paths with <c>..</c> don't leave the folder.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="guestPath">The file's path in the guest.</param>
    public static string? Find(string root, string guestPath)
    {
        string inside = Path.GetFullPath("/" + guestPath).TrimStart('/');
        string path = Path.Combine(root, inside);
        return inside.Length > 0 && File.Exists(path) ? path : null;
    }
}
