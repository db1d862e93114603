using System.CommandLine;

namespace Osprey.Cli.CommandLine;

/// <summary>Puts the options that a command gets until it is disposed under one heading of the help.</summary>
internal sealed class OptionGroup : IDisposable
{
    /// <summary>The heading of options without a group.</summary>
    public const string Own = "Options";
    public const string Samples = "Choice of samples";
    public const string Names = "Names of functions";
    public const string Guest = "The guest";
    public const string Server = "The guest's REST server";
    public const string Common = "Common options";

    private static readonly string[] s_common =
    [
        "--json",
        "--csv",
        "--compat",
        "--no-pager",
        "--quiet",
        "--help",
        "--version",
    ];

    private readonly Command _command;
    private readonly string _heading;
    private readonly int _start;

    private OptionGroup(Command command, string heading)
    {
        _command = command;
        _heading = heading;
        _start = command.Options.Count;
    }

    /// <summary>Begins a group, to be disposed once the command has its options.</summary>
    public static OptionGroup Begin(Command command, string heading) => new(command, heading);

    /// <summary>Returns the heading that an option of a command stands under.</summary>
    public static string HeadingOf(Command command, Option option) =>
        s_common.Contains(option.Name) ? Common
        : command is DocumentedCommand documented && documented.Headings.TryGetValue(option, out string? heading)
            ? heading
        : Own;

    public void Dispose()
    {
        if (_command is not DocumentedCommand documented)
            return;

        foreach (Option option in _command.Options.Skip(_start))
            documented.Headings.TryAdd(option, _heading);
    }
}
