using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Symbols;

/// <summary>Finds the symbol table that a Linux kernel keeps of itself in its image.</summary>
/// <remarks>
/// <para>
/// A kernel that is built with <c>CONFIG_KALLSYMS</c>, as all of distributions are, has the names and addresses of its
/// symbols in its read-only data, to name functions in its messages. They are made by <c>scripts/kallsyms.c</c> of the
/// kernel's sources, read by <c>kernel/kallsyms.c</c>, and are several tables; nothing at a known place says where.
/// </para>
/// <para>
/// One of them can be recognised: the token table. Names are compressed: bytes stand for themselves or for a piece of
/// text that is often in names, and the table has the text for each of the 256. Digits stand for themselves, so the
/// table has them one behind the other with a NUL each. The index behind it has the offset of each text, and proves it.
/// </para>
/// <para>
/// From there on the neighbours are found by what must fit (<see cref="KallsymsNames"/>,
/// <see cref="KallsymsAddresses"/>). Nothing asks for a version: a layout that is not known gives no symbols, never
/// wrong ones. All that is read is bounded, whatever memory holds.
/// </para>
/// </remarks>
internal static class KallsymsFinder
{
    /// <summary>Most places of the digits that are looked at; an image has one or two.</summary>
    private const int MaxPlaces = 64;

    /// <summary>Finds the table.</summary>
    /// <param name="memory">The kernel's memory.</param>
    /// <param name="imageStart">The first byte of its image.</param>
    /// <param name="likely">The page to begin at; all of the image is searched when the table is not behind it.</param>
    /// <returns>Null when there is none, or it is not understood.</returns>
    public static KallsymsTable? Find(IMemoryReader memory, ulong imageStart, ulong? likely = null)
    {
        var image = new LinuxImage(memory, imageStart);
        ulong from = likely is { } place && image.Contains(place) ? place : imageStart;
        KallsymsTable? found = Find(image, from);
        return found is null && from != imageStart ? Find(image, imageStart) : found;
    }

    private static KallsymsTable? Find(LinuxImage image, ulong from)
    {
        KallsymsTable? found = null;
        int places = 0;
        image.Search(
            KallsymsTokens.Digits,
            from,
            place =>
            {
                found = TryRead(image, place);
                return found is not null || ++places == MaxPlaces;
            }
        );
        return found;
    }

    private static KallsymsTable? TryRead(LinuxImage image, ulong digits) =>
        KallsymsTokens.TryRead(image, digits) is { } tokens
        && KallsymsNames.Find(image, tokens.Start) is { } names
        && KallsymsTable.Decode(names, tokens) is { } table
        && KallsymsAddresses.Read(image, table, names.CountAddress, tokens.End) is { } addresses
            ? table.WithAddresses(addresses)
            : null;
}
