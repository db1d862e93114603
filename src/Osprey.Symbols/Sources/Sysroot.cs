namespace Osprey.Symbols.Sources;

/// <summary>Finds files in a folder that holds a copy of a guest's file system.</summary>
internal static class Sysroot
{
    /// <summary>
    /// Finds the copy of a guest's file; null when there is none. A path with <c>..</c> does not lead out of the
    /// folder.
    /// </summary>
    /// <param name="root">The folder.</param>
    /// <param name="guestPath">The file's path in the guest.</param>
    public static string? Find(string root, string guestPath)
    {
        string inside = Path.GetFullPath("/" + guestPath).TrimStart('/');
        string path = Path.Combine(root, inside);
        return inside.Length > 0 && File.Exists(path) ? path : null;
    }
}
