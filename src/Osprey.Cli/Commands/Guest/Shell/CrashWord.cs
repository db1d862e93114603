namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>A command of the program crash, and the command line here that shows the same.</summary>
/// <param name="Old">The words of crash, without arguments.</param>
/// <param name="New">The words here; null when there are none.</param>
/// <param name="Instead">What to do when there are none; null otherwise.</param>
internal sealed record CrashWord(string Old, string? New, string? Instead = null)
{
    /// <summary>The words of crash one by one.</summary>
    public IReadOnlyList<string> OldWords { get; } = Old.Split(' ');

    /// <summary>The option of crash that chooses this meaning, such as "-s"; null when none is needed.</summary>
    public string? Option { get; init; }

    /// <summary>Crash's words with its option, for messages and examples.</summary>
    public string Text => Option is null ? Old : $"{Old} {Option}";

    /// <summary>The name of an argument for examples; empty for none.</summary>
    public string Argument { get; init; } = "";
}
