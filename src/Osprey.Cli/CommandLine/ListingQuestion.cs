using System.CommandLine;
using Osprey.Session.Answers;
using Osprey.Session.Guests;

namespace Osprey.Cli.CommandLine;

/// <summary>A question about an open guest, while a listing command asks it.</summary>
/// <param name="session">The guest.</param>
/// <param name="command">The parsed command line.</param>
/// <param name="context">The wish to end early.</param>
internal sealed class ListingQuestion(GuestSession session, ParseResult command, QuestionContext context)
{
    private readonly List<string> _defects = [];

    /// <summary>The guest.</summary>
    public GuestSession Session => session;

    /// <summary>The parsed command line.</summary>
    public ParseResult Command => command;

    /// <summary>The wish to end early.</summary>
    public QuestionContext Context => context;

    /// <summary>The reasons why rows may be missing, for messages and JSON.</summary>
    public IReadOnlyList<string> Defects => _defects;

    /// <summary>A line of text after the rows, such as a sum; null for none.</summary>
    public string? Footer { get; set; }

    /// <summary>
    /// The message for an answer without rows, where it says more than the command's own; null otherwise.
    /// </summary>
    public string? WhenEmpty { get; set; }

    /// <summary>Gets or sets whether rows were asked for by name or the like, so that none means not found.</summary>
    public bool IsSelective { get; set; }

    /// <summary>Adds reasons why rows may be missing.</summary>
    public void AddDefects(params IEnumerable<string> defects) => _defects.AddRange(defects);
}
