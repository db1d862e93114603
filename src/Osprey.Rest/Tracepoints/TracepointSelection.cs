using Osprey.Rest.Connection;
using Osprey.Symbols;

namespace Osprey.Rest.Tracepoints;

/// <summary>The tracepoints that a command is for: all that match at least one of its patterns.</summary>
public sealed class TracepointSelection
{
    private TracepointSelection(IReadOnlyList<TracepointPattern> patterns) => Patterns = patterns;

    /// <summary>The selection of all tracepoints.</summary>
    public static TracepointSelection All { get; } = new([TracepointPattern.Parse("*")]);

    /// <summary>The patterns in the user's order.</summary>
    public IReadOnlyList<TracepointPattern> Patterns { get; }

    /// <summary>Parses patterns as given on a command line.</summary>
    /// <param name="arguments">
    /// Globs, with commas between several in one argument, and regular expressions between slashes.
    /// </param>
    /// <param name="regex">True to read every argument as a basic regular expression.</param>
    /// <returns>The selection; all tracepoints when there are no arguments.</returns>
    /// <exception cref="GuestRestException">A pattern is empty or malformed.</exception>
    public static TracepointSelection Parse(IEnumerable<string> arguments, bool regex = false)
    {
        List<TracepointPattern> patterns = [];
        foreach (string argument in arguments)
        {
            bool whole = regex || (argument.StartsWith('/') && argument.EndsWith('/'));
            string[] texts = whole
                ? [argument]
                : argument.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            patterns.AddRange(texts.DefaultIfEmpty("").Select(text => TracepointPattern.Parse(text, regex)));
        }

        return patterns.Count == 0 ? All : new TracepointSelection(patterns);
    }

    /// <summary>Returns true when any pattern matches a tracepoint's name.</summary>
    public bool Matches(string name) => Patterns.Any(pattern => pattern.Matches(name));

    /// <summary>Makes sure that each pattern matches at least one of a guest's tracepoints.</summary>
    /// <param name="names">The names of all that the guest has.</param>
    /// <exception cref="GuestRestException">A pattern matches none; the advice lists similar names.</exception>
    public void RequireMatches(IReadOnlyCollection<string> names)
    {
        foreach (TracepointPattern pattern in Patterns)
        {
            if (names.Any(pattern.Matches))
                continue;
            if (names.Count == 0)
                throw new GuestRestException(
                    GuestRestProblem.UnknownTracepoint,
                    "the guest has no tracepoints at all",
                    "Was its kernel built without tracing?"
                );

            IReadOnlyList<string> near = NearNames.Find(pattern.Text, names);
            throw new GuestRestException(
                GuestRestProblem.UnknownTracepoint,
                $"no tracepoint matches '{ReplyText.Printable(pattern.Text)}'",
                near.Count == 0 ? null : $"Near names: {string.Join(", ", near.Select(ReplyText.Printable))}"
            )
            {
                Reason = near.Count == 0 ? GuestRestReason.NoSuchTracepoint : GuestRestReason.None,
                TracepointCount = names.Count,
            };
        }
    }

    /// <summary>Returns the tracepoints that match.</summary>
    /// <exception cref="GuestRestException">A pattern matches none; the advice lists similar names.</exception>
    internal IReadOnlyList<TracepointState> Choose(IReadOnlyList<TracepointState> all)
    {
        RequireMatches([.. all.Select(state => state.Name)]);
        return [.. all.Where(state => Matches(state.Name))];
    }
}
