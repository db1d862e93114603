namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>A command of OSv's gdb script, and the command line here that shows the same.</summary>
/// <param name="Old">The script's words behind <c>osv</c>, without arguments.</param>
/// <param name="New">The words here; null when there is none.</param>
/// <param name="Instead">What to do when there is none; null otherwise.</param>
internal sealed record OsvWord(string Old, string? New, string? Instead = null)
{
    /// <summary>The script's words one by one.</summary>
    public IReadOnlyList<string> OldWords { get; } = Old.Split(' ');

    /// <summary>The name of an argument for examples; empty for none.</summary>
    public string Argument { get; init; } = "";
}
