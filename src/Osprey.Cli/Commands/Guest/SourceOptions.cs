using System.CommandLine;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Sources;

namespace Osprey.Cli.Commands.Guest;

/// <summary>The options of commands that show source: the places where it may be.</summary>
internal sealed class SourceOptions
{
    private readonly Option<string> _git = new("--git")
    {
        Description = "Take the source out of this git repository",
        HelpName = "REPO",
    };

    private readonly Option<string> _commit = new("--commit")
    {
        Description = "At this commit; the one that the guest's version names when left out",
        HelpName = "REVISION",
    };

    /// <param name="command">The command that gets the options.</param>
    public SourceOptions(Command command)
    {
        command.Options.Add(_git);
        command.Options.Add(_commit);
    }

    /// <summary>True when one of the options was given.</summary>
    public bool IsUsed(ParseResult result) => result.GetValue(_git) is not null || result.GetValue(_commit) is not null;

    /// <summary>Opens the repository that was named; null when none was, so that sources are those on disk.</summary>
    /// <exception cref="SourcesException">It is none, or lacks the commit.</exception>
    public GitSources? Open(ParseResult result, GuestSession session) =>
        result.GetValue(_git) is { } repository
            ? GitSources.Open(repository, result.GetValue(_commit) ?? session.Identity.Version)
            : null;
}
