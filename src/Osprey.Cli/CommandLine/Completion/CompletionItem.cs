namespace Osprey.Cli.CommandLine.Completion;

/// <summary>A word that a shell may put in place of the one that is being typed.</summary>
/// <param name="Text">The word; with a colon in front, what the shell itself is to list.</param>
/// <param name="Description">A few words about it; empty for none.</param>
internal readonly record struct CompletionItem(string Text, string Description)
{
    /// <summary>Has the shell list files.</summary>
    public static CompletionItem Files { get; } = new(":files", "");

    /// <summary>Has the shell list folders.</summary>
    public static CompletionItem Folders { get; } = new(":folders", "");
}
