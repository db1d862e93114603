namespace Osprey.Cli.Commands;

/// <summary>The commands that a command line may call: the others are not made whole, to start fast.</summary>
/// <param name="args">The command line; null for all commands.</param>
internal readonly struct CalledCommands(string[]? args)
{
    /// <summary>Gets whether all commands are made whole.</summary>
    public bool AreAll => args is null;

    /// <summary>Tells whether a command may be called.</summary>
    public bool Contains(string name) => args is null || args.Contains(name);

    /// <summary>Gets the first word that is no option; null when there is none.</summary>
    public string? First => args is null ? null : Array.Find(args, arg => !arg.StartsWith('-'));

    /// <summary>Finds the word behind another one, options left out; null when there is none.</summary>
    public string? FindBehind(string name)
    {
        int start = args is null ? -1 : Array.IndexOf(args, name);
        return start < 0 ? null : args!.Skip(start + 1).FirstOrDefault(arg => !arg.StartsWith('-'));
    }
}
