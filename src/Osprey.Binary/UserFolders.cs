namespace Osprey.Binary;

/// <summary>The folders in which a program keeps files for its user (XDG Base Directory Specification).</summary>
public static class UserFolders
{
    /// <summary>The folder for what is to outlive a run: <c>$XDG_STATE_HOME/osprey</c>. It need not exist.</summary>
    public static string State => Find("XDG_STATE_HOME", Path.Combine(".local", "state"));

    /// <summary>The folder for what can be made again: <c>$XDG_CACHE_HOME/osprey</c>. It need not exist.</summary>
    public static string Cache => Find("XDG_CACHE_HOME", ".cache");

    /// <summary>Chooses a folder.</summary>
    /// <param name="given">What the variable says; as the specification wants it, only a whole path counts.</param>
    /// <param name="home">
    /// The user's home folder. One whom the system does not know, as in some containers, has none: the root is taken
    /// then, never the current folder.
    /// </param>
    /// <param name="usual">The folder's usual place, from the home folder.</param>
    internal static string Choose(string? given, string home, string usual)
    {
        string folder =
            given is not null && Path.IsPathRooted(given) ? given
            : Path.IsPathRooted(home) ? Path.Combine(home, usual)
            : Path.Combine("/", usual);
        return Path.Combine(folder, "osprey");
    }

    private static string Find(string variable, string usual) =>
        Choose(
            Environment.GetEnvironmentVariable(variable),
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            usual
        );
}
