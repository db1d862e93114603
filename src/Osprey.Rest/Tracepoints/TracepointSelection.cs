using Osprey.Rest.Connection;
using Osprey.Symbols;

namespace Osprey.Rest.Tracepoints;

/// <summary>Which tracepoints a command is about: all that any of its patterns names.</summary>
public sealed class TracepointSelection
{
    private TracepointSelection(IReadOnlyList<TracepointPattern> patterns) => Patterns = patterns;

    /// <summary>All tracepoints.</summary>
    public static TracepointSelection All { get; } = new([TracepointPattern.Parse("*")]);

    /// <summary>The patterns in the user's order.</summary>
    public IReadOnlyList<TracepointPattern> Patterns { get; }

    /// <summary>Reads patterns as given on a command line.</summary>
    /// <param name="arguments">
    /// Globs, several in one argument with commas between, and regular expressions between slashes.
    /// </param>
    /// <param name="regex">Takes every argument as a basic regular expression.</param>
    /// <returns>All tracepoints when there are no arguments.</returns>
    /// <exception cref="GuestRestException">One is empty or malformed.</exception>
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

    /// <summary>Whether any pattern names this tracepoint.</summary>
    public bool Matches(string name) => Patterns.Any(pattern => pattern.Matches(name));

    /// <summary>The tracepoints that are meant.</summary>
    /// <exception cref="GuestRestException">A pattern names none; the message suggests near names.</exception>
    public IReadOnlyList<TracepointState> Choose(IReadOnlyList<TracepointState> all)
    {
        foreach (TracepointPattern pattern in Patterns)
        {
            if (all.Any(state => pattern.Matches(state.Name)))
                continue;
            if (all.Count == 0)
                throw new GuestRestException(
                    GuestRestProblem.UnknownTracepoint,
                    "the guest has no tracepoints at all",
                    "Was its kernel built without tracing?"
                );

            IReadOnlyList<string> near = NearNames.Find(pattern.Text, all.Select(state => state.Name));
            throw new GuestRestException(
                GuestRestProblem.UnknownTracepoint,
                $"no tracepoint matches '{GuestText.Printable(pattern.Text)}'",
                near.Count == 0
                    ? $"The guest has {all.Count}: list them with the status command."
                    : $"Near names: {string.Join(", ", near.Select(GuestText.Printable))}"
            );
        }

        return [.. all.Where(state => Matches(state.Name))];
    }
}
