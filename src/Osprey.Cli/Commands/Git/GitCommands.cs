using System.CommandLine;
using Osprey.Cli.CommandLine;

namespace Osprey.Cli.Commands.Git;

/// <summary><c>osprey git</c> and its commands.</summary>
internal static class GitCommands
{
    public const string Name = "git";
    public const string Summary = "Show objects of git repositories, read without git";

    public static Command Create()
    {
        var command = new DocumentedCommand(
            Name,
            Summary,
            "osprey git show ~/src/osv v0.57.0-75-gb7150705:core/sched.cc",
            "osprey git show . HEAD --explain"
        );
        command.Subcommands.Add(GitShowCommand.Create());
        return command;
    }
}
