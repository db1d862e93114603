using System.CommandLine;

namespace Osprey.Cli.CommandLine;

/// <summary>A command whose help ends with examples.</summary>
internal class DocumentedCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines that show the command in use, each with what it does behind a <c>#</c>.</summary>
    public IReadOnlyList<string> Examples => examples;

    /// <summary>The headings of options that belong together; the others are the command's own.</summary>
    public Dictionary<Option, string> Headings { get; } = [];
}
