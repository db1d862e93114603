using System.Numerics;
using System.Runtime.InteropServices;
using Osprey.Binary;

namespace Osprey.Symbols.Types.Names;

/// <summary>
/// Where the types, variables, functions and enumerators of a file are, by the hash of their qualified names.
/// </summary>
/// <remarks>
/// The content is the same in memory and on disk: where each bucket's entries start (u32, one more than there are
/// buckets), then the entries by bucket. What it says is checked when it is looked at.
/// </remarks>
internal sealed class NameIndex
{
    /// <summary>
    /// Most entries of one name that are looked at: real files have under 1,000, for what every unit has its own of.
    /// </summary>
    private const int MaxMatches = 100_000;

    private readonly int _bucketCount;

    private NameIndex(ReadOnlyMemory<byte> content, int bucketCount, int count)
    {
        Content = content;
        _bucketCount = bucketCount;
        Count = count;
    }

    /// <summary>How many names it has.</summary>
    public int Count { get; }

    /// <summary>The table's bytes.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Makes an index of all slots that are not empty.</summary>
    public static NameIndex Create(ReadOnlySpan<NameEntry> slots, int count)
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

        return new NameIndex(content, buckets, count);
    }

    /// <summary>Uses the content that another index had; null when it can't be that of so many names.</summary>
    public static NameIndex? FromContent(ReadOnlyMemory<byte> content, long count) =>
        count is >= 0 and < int.MaxValue / 32 && content.Length == GetSize((int)count)
            ? new NameIndex(content, GetBucketCount((int)count), (int)count)
            : null;

    /// <summary>The entries of a key in the order of the file, those in <c>.debug_types</c> last.</summary>
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

    /// <summary>Filled up so that entries are aligned.</summary>
    private static int GetDirectorySize(int buckets) => (((buckets + 1) * sizeof(uint)) + 15) / 16 * 16;

    private static int GetSize(int count) => GetDirectorySize(GetBucketCount(count)) + (count * NameEntry.Size);
}
