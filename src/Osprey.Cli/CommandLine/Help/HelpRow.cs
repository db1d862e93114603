namespace Osprey.Cli.CommandLine.Help;

/// <summary>A term, such as an option with its value, and what it means.</summary>
internal readonly record struct HelpRow(string Term, string Description);
