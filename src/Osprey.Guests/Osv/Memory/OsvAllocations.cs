using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Osprey.Guests.Memory;
using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Osv.Memory;

/// <summary>Reads the record that OSv's allocation tracker keeps.</summary>
/// <remarks>
/// <c>memory::tracker</c> has one array of <c>alloc_info</c>, with an entry for each allocation that is in use and for
/// some that are not. A read for each member would take minutes over a gdb stub, so that the array is read in large
/// pieces, and only the offsets of the members come from debug info. The kernel moves the array when it grows: where
/// its
/// place or size differ after the pass, the pass is made again.
/// </remarks>
internal static class OsvAllocations
{
    /// <summary>The variable by which the tracker is turned on and off.</summary>
    public const string Switch = "memory::tracker_enabled";

    private const ulong MaxEntries = 1 << 24;
    private const int MaxFrames = 256;
    private const int MaxEntrySize = 1 << 14;
    private const int PieceSize = 1 << 20;
    private const int MaxPasses = 4;

    /// <summary>Reads all allocations.</summary>
    public static GuestAllocationList Read(GuestKernel kernel, CancellationToken cancellation)
    {
        for (int pass = 1; ; pass++)
        {
            Value tracker = kernel.GetVariable("memory::tracker").Fetch();
            (ulong Array, ulong Count) table = ReadTable(tracker);
            Layout layout = Layout.Of(tracker);
            var reader = new EntryReader(layout);
            ReadEntries(kernel, table.Array, table.Count, layout.Size, reader, cancellation);
            bool isSame = ReadTable(kernel.GetVariable("memory::tracker").Fetch()) == table;
            if (!isSame && pass < MaxPasses)
                continue;

            if (!isSame)
                reader.AddDefect("the kernel moved its record during each of the passes");

            if (tracker.Member("current_seq")?.TryGetUInt64(out ulong sequence) != true)
                throw NotUnderstood("it has no current_seq");

            bool? isOn = kernel.FindVariable(Switch)?.TryGetUInt64(out ulong on) == true ? on != 0 : null;
            return new GuestAllocationList(reader.Items, reader.Chains, sequence, isOn, reader.Defects);
        }
    }

    /// <summary>Finds the tracker's switch.</summary>
    public static GuestSwitch FindSwitch(GuestKernel kernel)
    {
        // A kernel without the tracker may declare the variable.
        kernel.GetVariable("memory::tracker");
        Value value = kernel.GetVariable(Switch);
        if (value.Address is not { } address || value.Size != 1)
            throw NotUnderstood($"{Switch} is no byte in memory");

        return value.TryGetUInt64(out ulong state) && state <= 1
            ? new GuestSwitch(Switch, address, state != 0)
            : throw NotUnderstood(string.Create(CultureInfo.InvariantCulture, $"{Switch} is neither 0 nor 1"));
    }

    /// <summary>Tells whether a function is of the tracker itself.</summary>
    public static bool IsRecorder(string function) =>
        function.StartsWith("memory::alloc_tracker::", StringComparison.Ordinal)
        || function.StartsWith("memory::tracker_remember", StringComparison.Ordinal)
        || function.StartsWith("backtrace_safe", StringComparison.Ordinal);

    private static (ulong Array, ulong Count) ReadTable(Value tracker)
    {
        if (
            tracker.Member("allocations")?.AsPointer() is not { } array
            || tracker.Member("size_allocations")?.TryGetUInt64(out ulong count) != true
        )
            throw NotUnderstood("its table can't be read");

        return count <= MaxEntries
            ? (array, array == 0 ? 0 : count)
            : throw NotUnderstood(string.Create(CultureInfo.InvariantCulture, $"it claims {count} entries"));
    }

    private static void ReadEntries(
        GuestKernel kernel,
        ulong array,
        ulong count,
        int size,
        EntryReader reader,
        CancellationToken cancellation
    )
    {
        int perPiece = Math.Max(PieceSize / size, 1);
        byte[] buffer = new byte[perPiece * size];
        for (ulong first = 0; first < count; first += (ulong)perPiece)
        {
            cancellation.ThrowIfCancellationRequested();
            int wanted = (int)Math.Min((ulong)perPiece, count - first);
            ulong address = unchecked(array + (first * (ulong)size));
            int read = kernel.Values.Memory.Read(address, buffer.AsSpan(0, wanted * size)) / size;
            for (int i = 0; i < read; i++)
                reader.Add(buffer.AsSpan(i * size, size));

            if (read == wanted)
                continue;

            reader.AddDefect(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the record can't be read from its entry {first + (ulong)read} of {count} on"
                )
            );
            return;
        }
    }

    private static TargetException NotUnderstood(string reason) =>
        new(TargetProblem.NotUnderstood, $"the kernel's record of allocations is not understood: {reason}");

    /// <summary>The places of an entry's members.</summary>
    private sealed record Layout(
        int Size,
        Field Sequence,
        Field Bytes,
        Field Address,
        Field Count,
        int Frames,
        int Most
    )
    {
        public static Layout Of(Value tracker)
        {
            Value entry = tracker.Member("allocations")!.Dereference();
            entry = entry.Space.At(entry.Type, 0);
            int size = entry.Size is > 0 and <= MaxEntrySize and var found ? (int)found : 0;
            Value? frames = entry.Member("backtrace");
            if (
                frames?.Address is not { } start
                || frames.ResolvedType is not ArrayType { Count: > 0 and <= MaxFrames and var most }
                || start + (most * sizeof(ulong)) > (ulong)size
            )
                throw NotUnderstood("its entries have other members");

            return new Layout(
                size,
                Find(entry, "seq", size),
                Find(entry, "size", size),
                Find(entry, "addr", size),
                Find(entry, "nbacktrace", size),
                (int)start,
                (int)most
            );
        }

        private static Field Find(Value entry, string name, int size) =>
            entry.Member(name) is { Address: { } offset, Size: (4 or 8) and var width } && offset + width <= (ulong)size
                ? new Field((int)offset, (int)width)
                : throw NotUnderstood($"its entries have no {name}");
    }

    /// <summary>A member of 4 or 8 bytes.</summary>
    private readonly record struct Field(int Offset, int Width)
    {
        public ulong Read(ReadOnlySpan<byte> entry) =>
            Width == 4
                ? BinaryPrimitives.ReadUInt32LittleEndian(entry[Offset..])
                : BinaryPrimitives.ReadUInt64LittleEndian(entry[Offset..]);
    }

    /// <summary>Collects entries; each chain of calls is kept once.</summary>
    private sealed class EntryReader(Layout layout)
    {
        private readonly Dictionary<ulong[], int> _numbers = new(new ChainComparer());
        private readonly List<string> _defects = [];

        public List<GuestAllocation> Items { get; } = [];

        public List<ulong[]> Chains { get; } = [];

        public IReadOnlyList<string> Defects => _defects;

        public void AddDefect(string defect)
        {
            if (!_defects.Contains(defect))
                _defects.Add(defect);
        }

        public void Add(ReadOnlySpan<byte> entry)
        {
            ulong address = layout.Address.Read(entry);
            if (address == 0)
                return;

            ulong count = layout.Count.Read(entry);
            if (count > (ulong)layout.Most)
            {
                AddDefect("entries claim more frames than they can hold: their callers are not known");
                count = 0;
            }

            ReadOnlySpan<ulong> chain = MemoryMarshal.Cast<byte, ulong>(
                entry.Slice(layout.Frames, (int)count * sizeof(ulong))
            );
            Items.Add(
                new GuestAllocation(address, layout.Bytes.Read(entry), layout.Sequence.Read(entry), FindNumber(chain))
            );
        }

        private int FindNumber(ReadOnlySpan<ulong> chain)
        {
            if (_numbers.GetAlternateLookup<ReadOnlySpan<ulong>>().TryGetValue(chain, out int number))
                return number;

            number = Chains.Count;
            ulong[] kept = chain.ToArray();
            Chains.Add(kept);
            _numbers.Add(kept, number);
            return number;
        }
    }

    /// <summary>Compares chains by their addresses.</summary>
    private sealed class ChainComparer
        : IEqualityComparer<ulong[]>,
            IAlternateEqualityComparer<ReadOnlySpan<ulong>, ulong[]>
    {
        public bool Equals(ulong[]? x, ulong[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ulong[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<ulong> alternate, ulong[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<ulong> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(alternate));
            return hash.ToHashCode();
        }

        public ulong[] Create(ReadOnlySpan<ulong> alternate) => alternate.ToArray();
    }
}
