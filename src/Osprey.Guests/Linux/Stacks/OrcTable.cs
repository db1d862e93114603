using System.Buffers.Binary;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Stacks;

// ORC ("oops rewind capability") is what Linux on x86-64 follows its own stacks by since 4.14, in place of DWARF:
// objtool writes it when the kernel is built, and it stays in memory. There are two arrays of the same length. The
// first has for each entry the address that it begins at, as a distance from the place of the number itself, in the
// order of addresses. The second has the entries: how the caller's stack pointer and frame pointer are found there, and
// whether there are saved registers on the way. An entry counts up to the next one.
//
// Nothing in memory says which of the four formats it is, but the entries do: most of them are of functions that count
// from the stack pointer, and the numbers for these two are others in each, but for the first and the second; of those
// only the second uses the highest bit. So no version is asked, and a table of which that is not clear is not believed.
//
// What is checked before anything is believed: the arrays can be read whole, their lengths agree and are possible, the
// addresses are in order and in the range that they can be in, and entries that make no sense are very few. Such an
// entry gives no caller, no wrong one.

/// <summary>A table of ORC: of the kernel, or of a module.</summary>
internal sealed class OrcTable
{
    /// <summary>More entries than any kernel has: 400,000 are usual.</summary>
    public const int MaxEntries = 8 << 20;

    private const int AddressSize = sizeof(int);
    private const int MaxInvalidShare = 100; // one of so many

    private readonly byte[] _addresses;
    private readonly byte[] _entries;
    private readonly ulong _start;

    private OrcTable(byte[] addresses, byte[] entries, ulong start, OrcFormat format)
    {
        _addresses = addresses;
        _entries = entries;
        _start = start;
        Format = format;
    }

    /// <summary>The meaning of the entries' bits.</summary>
    public OrcFormat Format { get; }

    /// <summary>The number of entries.</summary>
    public int Count => _addresses.Length / AddressSize;

    /// <summary>The address that the first entry begins at.</summary>
    public ulong First => GetAddress(0);

    /// <summary>The address that the last entry begins at.</summary>
    public ulong Last => GetAddress(Count - 1);

    /// <summary>Reads a table.</summary>
    /// <param name="memory">Memory as the kernel sees it.</param>
    /// <param name="addresses">Address of the array of addresses.</param>
    /// <param name="entries">Address of the array of entries.</param>
    /// <param name="count">The number of entries.</param>
    /// <param name="format">The format, where it is known.</param>
    /// <param name="problem">The reason when it is not believed.</param>
    /// <returns>Null when it is not believed.</returns>
    public static OrcTable? Read(
        IMemoryReader memory,
        ulong addresses,
        ulong entries,
        ulong count,
        OrcFormat? format,
        out string? problem
    )
    {
        problem = null;
        if (count is 0 or > MaxEntries)
            problem = $"it has {count} entries";
        else if (
            addresses > ulong.MaxValue - (count * AddressSize)
            || entries > ulong.MaxValue - (count * OrcEntry.Size)
        )
            problem = "it does not fit into the address space";

        if (problem is not null)
            return null;

        byte[] places = new byte[(int)count * AddressSize];
        byte[] bytes = new byte[(int)count * OrcEntry.Size];
        if (!memory.TryRead(addresses, places) || !memory.TryRead(entries, bytes))
        {
            problem = "not all of it can be read";
            return null;
        }

        format ??= FindFormat(bytes);
        if (format is not { } known)
        {
            problem = "its entries are of no known format";
            return null;
        }

        var table = new OrcTable(places, bytes, addresses, known);
        problem = table.Check();
        return problem is null ? table : null;
    }

    /// <summary>Finds the entry that counts for an address; null when it is before the first.</summary>
    /// <param name="address">The address.</param>
    /// <param name="start">The address that the entry begins at.</param>
    public OrcEntry? Find(ulong address, out ulong start)
    {
        // Of several at one address the last counts: one that ends a section stands before those of the next.
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (GetAddress(middle) <= address)
                low = middle + 1;
            else
                high = middle;
        }

        start = low == 0 ? 0 : GetAddress(low - 1);
        return low == 0 ? null : GetEntry(low - 1);
    }

    /// <summary>Lists the entries with the ranges of code that they count for; the last one ends the table.</summary>
    public IEnumerable<(ulong Start, ulong End, OrcEntry Entry)> List()
    {
        for (int i = 0; i < Count - 1; i++)
        {
            // Of several at one address the last counts.
            if (GetAddress(i) < GetAddress(i + 1))
                yield return (GetAddress(i), GetAddress(i + 1), GetEntry(i));
        }
    }

    /// <summary>The format, by what most entries are: functions that count from the stack pointer.</summary>
    private static OrcFormat? FindFormat(ReadOnlySpan<byte> entries)
    {
        int known = 0;
        int first = 0;
        int types = 0;
        int renumbered = 0;
        bool isHighestUsed = false;
        for (int at = 0; at < entries.Length; at += OrcEntry.Size)
        {
            int flags = OrcEntry.GetFlags(entries[at..]);
            isHighestUsed |= (flags & 0x800) != 0;
            known += (flags & 0xf) != 0 ? 1 : 0;
            first += (flags & 0x30f) == 0x005 ? 1 : 0;
            types += (flags & 0x70f) == 0x205 ? 1 : 0;
            renumbered += (flags & 0x70f) == 0x203 ? 1 : 0;
        }

        int needed = known / 2;
        return types > needed ? OrcFormat.Types
            : renumbered > needed ? OrcFormat.Renumbered
            : first <= needed ? null
            : isHighestUsed ? OrcFormat.SignalAndEnd
            : OrcFormat.End;
    }

    /// <summary>The reason not to believe the table; null when there is none.</summary>
    private string? Check()
    {
        ulong before = 0;
        int invalid = 0;
        for (int i = 0; i < Count; i++)
        {
            ulong address = GetAddress(i);
            if (address < LinuxDetector.ImageRangeStart)
                return "its addresses are outside of the kernel's code";

            if (address < before)
                return "its addresses are not in order";

            before = address;
            invalid += GetEntry(i).Type == OrcType.Invalid ? 1 : 0;
        }

        return invalid > Count / MaxInvalidShare ? "its entries make no sense" : null;
    }

    private ulong GetAddress(int index)
    {
        int at = index * AddressSize;
        int distance = BinaryPrimitives.ReadInt32LittleEndian(_addresses.AsSpan(at));
        return unchecked(_start + (ulong)at + (ulong)distance);
    }

    private OrcEntry GetEntry(int index) => OrcEntry.Read(_entries.AsSpan(index * OrcEntry.Size), Format);
}
