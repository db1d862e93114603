using Osprey.Session.Guests;
using Osprey.Target.Architectures.X64;

namespace Osprey.Session.Answers.Guests.Memory;

/// <summary>The answer to: what do the page tables map? The tables are read while the ranges are shown.</summary>
/// <param name="Access">The state that the guest is read in, as one word.</param>
/// <param name="Map">Enumerates the ranges, and counts what could not be read.</param>
/// <param name="Context">The wish to end early.</param>
public sealed record PageMapAnswer(string Access, PageTableMap Map, QuestionContext Context)
{
    private static readonly Shape<PageRange> s_range = new Shape<PageRange>("ranges")
        .Address("start", range => range.Start)
        .Size("size", range => range.Size)
        .Text("permissions", range => PermissionText.Format(range.Permissions))
        .Address("physical", range => range.Physical?.Value)
        .Size("smallestPage", range => range.SmallestPage)
        .Size("largestPage", range => range.LargestPage)
        .Boolean("writableAndExecutable", range => range.IsWritableAndExecutable);

    /// <summary>The columns.</summary>
    public static Shape<PageMapAnswer> Shape { get; } =
        new Shape<PageMapAnswer>("maps")
            .Text("access", answer => answer.Access)
            .Records("ranges", answer => answer.Ranges, () => s_range);

    /// <summary>The ranges, lowest address first.</summary>
    public IEnumerable<PageRange> Ranges => Map.Enumerate(Context.Cancellation);

    /// <summary>Asks a guest.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="isMerged">Whether ranges with equal permissions are joined wherever they lie physically.</param>
    /// <param name="context">The wish to end early.</param>
    public static PageMapAnswer Ask(GuestSession session, bool isMerged, QuestionContext context) =>
        new(
            session.AccessWord,
            new PageTableMap(
                session.Physical,
                session.Selected.Space.Paging,
                new PageTableMapOptions { SplitWherePhysicalChanges = !isMerged }
            ),
            context
        );
}
