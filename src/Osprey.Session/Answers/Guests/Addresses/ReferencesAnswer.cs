using Osprey.Guests;
using Osprey.Guests.Memory;
using Osprey.Session.Answers.Guests.Memory;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Memory;
using Osprey.Target.Memory.Search;

namespace Osprey.Session.Answers.Guests.Addresses;

/// <summary>The answer to: which words of RAM point here?</summary>
/// <param name="Rows">The words; those in memory that is in use first.</param>
/// <param name="IsCutShort">True when there may be more.</param>
/// <param name="Defects">The reasons why answers may be missing, in words.</param>
public sealed record ReferencesAnswer(IReadOnlyList<ReferenceRow> Rows, bool IsCutShort, IReadOnlyList<string> Defects)
{
    private const ulong PageSize = 4096;
    private const string FreeUnknown =
        "which memory is free is not known: free memory was searched too, and what it holds may be left over";

    /// <summary>
    /// The reason why memory that is free was searched although that was not asked for; null when it was not.
    /// </summary>
    public string? FreeNote { get; init; }

    /// <summary>Searches RAM. A live guest is not paused.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="address">The first address that counts.</param>
    /// <param name="size">The number of bytes from there that count, at least 1.</param>
    /// <param name="inFree">True to look into memory that is free, too: what it holds is left over.</param>
    /// <param name="limit">The number of words after which the search ends.</param>
    /// <param name="context">The wish to end early.</param>
    /// <exception cref="TargetException">The kernel is not known.</exception>
    public static ReferencesAnswer Ask(
        GuestSession session,
        ulong address,
        ulong size,
        bool inFree,
        int limit,
        QuestionContext context
    )
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(context);
        ulong last = size - 1 > ulong.MaxValue - address ? ulong.MaxValue : address + (size - 1);
        var defects = new List<string>();
        string? freeNote = null;
        MemorySearchResult found = PointerSearch.Find(
            session.Target.Memory,
            address,
            last,
            limit,
            inFree ? [] : ListFree(session, defects, context, out freeNote),
            context.Cancellation
        );
        AddressPlaces places = AddressPlaces.Read(session, context);
        var rows = new List<ReferenceRow>();
        foreach (SearchPlace match in SearchPlaces.Find(session, found.Matches, context))
        {
            context.Cancellation.ThrowIfCancellationRequested();

            // The guest may have changed the word since.
            if (
                !session.PhysicalReader.TryReadUInt64(match.Physical.Value, out ulong value)
                || unchecked(value - address) > last - address
            )
                continue;

            rows.Add(
                new ReferenceRow(
                    match.Virtual,
                    match.Physical.Value,
                    value,
                    match.Virtual is { } known ? places.Find(known) : []
                )
            );
        }

        defects.AddRange(places.Defects);
        if (found.UnreadableBytes > 0)
            defects.Add($"{found.UnreadableBytes} bytes of RAM could not be read");

        return new ReferencesAnswer(
            [.. rows.OrderBy(row => row.IsFree).ThenBy(row => row.Physical)],
            found.IsCutShort,
            [.. defects.Distinct()]
        )
        {
            FreeNote = freeNote,
        };
    }

    /// <summary>
    /// Lists the free ranges without their first pages, which hold the kernel's own list of them.
    /// </summary>
    private static List<(ulong Start, ulong Size)> ListFree(
        GuestSession session,
        List<string> defects,
        QuestionContext context,
        out string? note
    )
    {
        note = null;
        if (session.Os is not IGuestMemoryUse os)
        {
            note = FreeUnknown;
            return [];
        }

        try
        {
            GuestList<GuestFreeRange> list = os.ReadFreeRanges(session.Kernel, context.Cancellation);
            defects.AddRange(list.Defects);
            return
            [
                .. list
                    .Items.Where(range => range.Physical is not null && range.Size > PageSize)
                    .Select(range => (Start: range.Physical!.Value + PageSize, Size: range.Size - PageSize))
                    .OrderBy(range => range.Start),
            ];
        }
        catch (TargetException exception)
            when (exception.Problem
                    is TargetProblem.NotConfigured
                        or TargetProblem.NotUnderstood
                        or TargetProblem.NotAnswered
            )
        {
            note = FreeUnknown;
            return []; // all memory is looked at then
        }
    }
}
