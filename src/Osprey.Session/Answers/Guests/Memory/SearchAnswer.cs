using Osprey.Session.Guests;
using Osprey.Target.Memory;
using Osprey.Target.Memory.Search;

namespace Osprey.Session.Answers.Guests.Memory;

/// <summary>The answer to: where in the guest's RAM is something?</summary>
/// <param name="Access">The state that the guest is read in, as one word.</param>
/// <param name="Found">The matches.</param>
/// <param name="Places">What each of them lies in.</param>
public sealed record SearchAnswer(string Access, MemorySearchResult Found, IReadOnlyList<SearchPlace> Places)
{
    private static readonly Shape<SearchPlace> s_place = new Shape<SearchPlace>("places")
        .Address("physical", place => place.Physical.Value)
        .Address("virtual", place => place.Virtual)
        .Text("in", place => place.Owner)
        .Address("bytesStart", place => place.BytesStart.Value)
        .Text("bytes", place => Convert.ToHexStringLower(place.Bytes.Span));

    /// <summary>The columns.</summary>
    public static Shape<SearchAnswer> Shape { get; } =
        new Shape<SearchAnswer>("searches")
            .Text("access", answer => answer.Access)
            .List(
                "matches",
                (answer, writer) =>
                {
                    foreach (PhysicalAddress match in answer.Found.Matches)
                        writer.Address(null, match.Value);
                }
            )
            .Records("places", answer => answer.Places, () => s_place)
            .Boolean("complete", answer => !answer.Found.IsCutShort)
            .Size("unreadableBytes", answer => answer.Found.UnreadableBytes)
            .Size("absentBytes", answer => answer.AbsentBytes);

    /// <summary>
    /// Bytes that a process has mapped and that are not in its page tables, so that they were not searched; null for a
    /// search of physical memory.
    /// </summary>
    public ulong? AbsentBytes { get; init; }

    /// <summary>Asks for the memory of one process.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="process">The process: the number, address or name of one of its threads.</param>
    /// <param name="pattern">What is looked for.</param>
    /// <param name="options">Where, in the process's addresses, and how many matches are enough.</param>
    /// <param name="context">The wish to end early.</param>
    /// <exception cref="Target.TargetException">There is no such process, or it has no memory.</exception>
    public static SearchAnswer AskProcess(
        GuestSession session,
        string process,
        MemoryPattern pattern,
        MemorySearchOptions options,
        QuestionContext context
    ) => ProcessSearch.Ask(session, process, pattern, options, context);

    /// <summary>Asks a guest.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="pattern">What is looked for.</param>
    /// <param name="options">Where, and how many matches are enough.</param>
    /// <param name="context">The wish to end early.</param>
    public static SearchAnswer Ask(
        GuestSession session,
        MemoryPattern pattern,
        MemorySearchOptions options,
        QuestionContext context
    )
    {
        MemorySearchResult found = MemorySearch.Find(session.Target.Memory, pattern, options, context.Cancellation);
        return new SearchAnswer(session.AccessWord, found, SearchPlaces.Find(session, found.Matches, context));
    }
}
