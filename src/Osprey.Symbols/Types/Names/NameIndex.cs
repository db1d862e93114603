using System.Numerics;
using System.Runtime.InteropServices;
using Osprey.Binary;

namespace Osprey.Symbols.Types.Names;

// How the index of names works. A user asks for "std::vector<int>" or "init_task". Debug info has no table that leads
// from a name to its entry (the optional ones of DWARF are missing in most files, or incomplete), and a kernel has
// thousands of units with millions of entries. So all names are read once, in one pass over all units, and kept on disk
// for later runs.
//
// What is in it: names in namespaces and classes (types, typedefs, static members, variables, functions, enumerators),
// each with a hash of its qualified name, its kind and the offset of its entry: 16 bytes (NameEntry). What is not in
// it: member functions, data members and names in functions, which are many; they are found by reading their class's or
// function's entry. Names themselves are not stored: a name is looked up by its hash, and EntryFinder then compares the
// last part of the name with that of the entry that it gets. That guards against an index of another file, and against
// nearly all collisions of hashes.
//
// How it is built:
//
// * NameIndexBuilder gives unit after unit to a few threads. Each has a NameTable of its own; they are merged at the
//   end. The result does not depend on which thread read which unit: of names that are the same, the one with the
//   lowest offset stays.
// * UnitNames goes over a unit with an EntryScanner, which reads few attributes and skips what is in functions. It
//   carries the hash of the scope along, so a name's hash costs the hash of its last part; NameHashCache keeps those,
//   because the same headers are in many units.
// * A name with inline namespaces around it has two keys, with and without them.
// * Most types are in many units. One entry of each is enough, so entries are the same when key, kind and distinction
//   are. The distinction is 0 for those; it is the offset, or the offset of the linkage name, where each must be found:
//   static variables of several files, overloads, and instances of a template that clang names without arguments
//   (-gsimple-template-names).
// * The spelling varies between compilers and users; NameHash makes it not matter.
//
// How it is stored: buckets by hash, as many as names, rounded up to a power of two. First where each bucket starts,
// then the entries, bucket after bucket, without gaps. It is the same in memory and on disk, so a later run maps the
// file, checks its CRC, and then reads one bucket for each question (NameIndexFile). Positions in the table are checked
// when they are used.
//
// What was dropped: the table was first the builder's own hash table with its empty slots, which made the file larger;
// and lists and sorts of the class library over these entries, which cost just-in-time compilation at every start.

/// <summary>
/// The index of a file's names: finds the entries of types, variables, functions and enumerators by the hash of their
/// qualified names.
/// </summary>
/// <remarks>
/// The content is the same in memory and on disk: the start of each bucket (u32, one more than there are buckets), then
/// the entries by bucket. It is checked when it is used.
/// </remarks>
internal sealed class NameIndex
{
    /// <summary>
    /// Most entries of one name that are looked at. Real files have under 1,000, for names of which every unit has its
    /// own.
    /// </summary>
    private const int MaxMatches = 100_000;

    private readonly int _bucketCount;

    private NameIndex(ReadOnlyMemory<byte> content, int bucketCount, int count)
    {
        Content = content;
        _bucketCount = bucketCount;
        Count = count;
    }

    /// <summary>The number of names.</summary>
    public int Count { get; }

    /// <summary>
    /// The offsets of the units of <c>.debug_info</c>, sorted; empty when not all of them could be found.
    /// </summary>
    public ulong[] UnitStarts { get; init; } = [];

    /// <summary>The bytes of the index.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Creates an index of all slots that are not empty.</summary>
    /// <param name="slots">The slots.</param>
    /// <param name="count">The number of those that are not empty.</param>
    /// <param name="unitStarts">The value of <see cref="UnitStarts"/>; null for none.</param>
    public static NameIndex Create(ReadOnlySpan<NameEntry> slots, int count, ulong[]? unitStarts = null)
    {
        int buckets = GetBucketCount(count);
        byte[] content = new byte[GetSize(count)];
        Span<uint> starts = MemoryMarshal.Cast<byte, uint>(content.AsSpan(0, GetDirectorySize(buckets)))[
            ..(buckets + 1)
        ];
        Span<NameEntry> entries = MemoryMarshal.Cast<byte, NameEntry>(content.AsSpan(GetDirectorySize(buckets)));
        foreach (ref readonly NameEntry entry in slots)
        {
            if (!entry.IsEmpty)
                starts[GetBucket(entry.Key, buckets) + 1]++;
        }

        for (int i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];

        uint[] next = starts.ToArray();
        foreach (ref readonly NameEntry entry in slots)
        {
            if (!entry.IsEmpty)
                entries[(int)next[GetBucket(entry.Key, buckets)]++] = entry;
        }

        return new NameIndex(content, buckets, count) { UnitStarts = unitStarts ?? [] };
    }

    /// <summary>
    /// Creates an index over the content of another one; null when the content does not have the size for that many
    /// names.
    /// </summary>
    public static NameIndex? FromContent(ReadOnlyMemory<byte> content, long count, ulong[] unitStarts) =>
        count is >= 0 and < int.MaxValue / 32 && content.Length == GetSize((int)count)
            ? new NameIndex(content, GetBucketCount((int)count), (int)count) { UnitStarts = unitStarts }
            : null;

    /// <summary>Finds the entries of a key, in the order of the file; those in <c>.debug_types</c> come last.</summary>
    public NameEntry[] Find(ulong key, Predicate<NameKind> isWanted)
    {
        ReadOnlySpan<byte> content = Content.Span;
        int directory = GetDirectorySize(_bucketCount);
        ReadOnlySpan<uint> starts = MemoryMarshal.Cast<byte, uint>(content[..directory]);
        ReadOnlySpan<NameEntry> entries = MemoryMarshal.Cast<byte, NameEntry>(content[directory..]);
        int bucket = GetBucket(key, _bucketCount);
        uint end = Math.Min(starts[bucket + 1], (uint)entries.Length);
        var found = new ArrayBuilder<NameEntry>();
        for (uint i = starts[bucket]; i < end && found.Count < MaxMatches; i++)
        {
            ref readonly NameEntry entry = ref entries[(int)i];
            if (entry.Key == key && isWanted(entry.Kind))
                found.Add(entry);
        }

        NameEntry[] sorted = found.ToArray();
        StableSort.Sort(sorted);
        return sorted;
    }

    private static int GetBucketCount(int count) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 1));

    private static int GetBucket(ulong key, int buckets) => unchecked((int)(key >> 24)) & (buckets - 1);

    /// <summary>Returns the size of the bucket starts, with padding that aligns the entries.</summary>
    private static int GetDirectorySize(int buckets) => (((buckets + 1) * sizeof(uint)) + 15) / 16 * 16;

    private static int GetSize(int count) => GetDirectorySize(GetBucketCount(count)) + (count * NameEntry.Size);
}
