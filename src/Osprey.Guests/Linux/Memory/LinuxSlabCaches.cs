using System.Globalization;
using Osprey.Guests.Linux.Containers;
using Osprey.Guests.Memory;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Memory;

/// <summary>Reads the caches that Linux's objects are of, as <c>/proc/slabinfo</c> shows them.</summary>
/// <remarks>
/// <para>
/// Caches are in the list <c>slab_caches</c>. SLUB, the only allocator since 6.8, counts slabs and objects by node
/// (with CONFIG_SLUB_DEBUG, which distributions have), and lists the slabs that have room and are no CPU's own
/// (<c>partial</c>). Free objects are counted in these alone: the kernel's own file has the same limit. From 6.2 on the
/// kernel guesses where a list has more than 10,000 slabs; here, they are all visited, up to a million.
/// </para>
/// <para>
/// A slab's word <c>counters</c> has the number of objects that are given out in its lowest 16 bits, and of all in the
/// next 15; the slab is a <c>struct slab</c> since 5.17, before that a <c>struct page</c>.
/// </para>
/// </remarks>
internal sealed class LinuxSlabCaches
{
    private const int MaxCaches = 1 << 16;
    private const int MaxSlabs = 1 << 20;
    private const int MaxNodes = 1024;
    private const int MaxName = 128;
    private const ulong MaxCount = 1UL << 40;
    private const int OrderShift = 16; // OO_SHIFT

    private readonly GuestKernel _kernel;
    private readonly IMemoryReader _memory;
    private readonly LinuxStruct _cache;
    private readonly LinuxField _list;
    private readonly LinuxField _name;
    private readonly LinuxField _size;
    private readonly LinuxField? _objectSize;
    private readonly LinuxField? _order;
    private readonly LinuxField? _nodes;
    private readonly int _nodeStride = sizeof(ulong);
    private readonly int _nodeOffset;
    private readonly LinuxField? _slabs;
    private readonly LinuxField? _objects;
    private readonly LinuxField? _partial;
    private readonly LinuxField? _partialCount;
    private readonly LinuxField? _slabList;
    private readonly LinuxField? _counters;
    private bool _countsFree;

    private LinuxSlabCaches(GuestKernel kernel)
    {
        _kernel = kernel;
        _memory = kernel.Values.Memory;
        _cache = new LinuxStruct(kernel, "struct kmem_cache");
        _list = _cache.Require("list");
        _name = _cache.Require("name");
        _size = _cache.Require("size");
        _objectSize = _cache.Find("object_size");
        _order = _cache.Find("oo", "x");
        _nodes = _cache.Find("node");
        if (_nodes is null && _cache.Find("per_node") is { } perNode) // in 7.2
        {
            var entry = new LinuxStruct(kernel, "struct kmem_cache_per_node_ptrs");
            (_nodes, _nodeStride) = (perNode, (int)(entry.Size ?? sizeof(ulong)));
            _nodeOffset = entry.Find("node")?.Offset ?? 0;
        }

        var node = new LinuxStruct(kernel, "struct kmem_cache_node");
        _slabs = node.Find("nr_slabs", "counter");
        _objects = node.Find("total_objects", "counter");
        _partial = node.Find("partial");
        _partialCount = node.Find("nr_partial");
        var slab = new LinuxStruct(kernel, "struct slab");
        if (slab.Find("slab_list") is null)
            slab = new LinuxStruct(kernel, "struct page");

        _slabList = slab.Find("slab_list") ?? slab.Find("lru");
        _counters = slab.Find("counters");
    }

    /// <summary>Reads the caches, the one that takes the most memory first.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <param name="countsFree">
    /// Whether free objects are counted: false for what is quick, and leaves <see cref="GuestSlabCache.Active"/> open.
    /// </param>
    /// <exception cref="TargetException">The kernel's caches are not understood.</exception>
    public static GuestList<GuestSlabCache> Read(
        GuestKernel kernel,
        CancellationToken cancellation,
        bool countsFree = true
    )
    {
        ulong head = LinuxVariables.GetAddress(kernel, "slab_caches");
        var reader = new LinuxSlabCaches(kernel) { _countsFree = countsFree };
        if (reader._order is null || reader._slabs is null)
            throw new TargetException(
                TargetProblem.NotUnderstood,
                "the kernel's caches are not understood: its allocator is not SLUB, or it counts no slabs (it was "
                    + "built without CONFIG_SLUB_DEBUG)"
            );

        GuestList<GuestSlabCache> caches = GuestWalk<GuestSlabCache>.Read(
            kernel,
            walk =>
            {
                var chain = new LinuxChain(reader._memory, "caches", MaxCaches, walk.AddDefect);
                foreach (ulong cache in chain.WalkRing(head, reader._list.Offset))
                {
                    if (reader.ReadCache(cache, walk.AddDefect, cancellation) is { } read)
                        walk.Add(read);
                    else
                        walk.AddDefect(Invariant($"the cache at 0x{cache:x} can't be read or is none"));
                }
            },
            cancellation
        );
        return caches with
        {
            Items = [.. caches.Items.OrderByDescending(cache => cache.Memory ?? 0).ThenBy(cache => cache.Name)],
        };
    }

    private GuestSlabCache? ReadCache(ulong cache, Action<string> addDefect, CancellationToken cancellation)
    {
        ulong? order = _order?.Read(_memory, cache);
        ulong? size = _size.Read(_memory, cache);
        if (
            LinuxText.ReadName(_memory, _name.Read(_memory, cache), MaxName) is not { Length: > 0 } name
            || order is not { } packed
            || packed >> OrderShift > 20
            || size is not > 0
            || size > 1 << 30
        )
            return null;

        (ulong slabs, ulong objects, ulong free) = (0, 0, 0);
        bool isCounted = true;
        foreach (ulong node in ListNodes(cache))
        {
            cancellation.ThrowIfCancellationRequested();
            ulong? nodeSlabs = _slabs?.Read(_memory, node);
            ulong? nodeObjects = _objects?.Read(_memory, node);
            if (nodeSlabs is null or > MaxCount || nodeObjects is null or > MaxCount)
                return null;

            slabs += nodeSlabs.Value;
            objects += nodeObjects.Value;
            isCounted &= CountFree(node, name, addDefect) is { } number && (free += number) <= MaxCount;
        }

        return new GuestSlabCache(name, cache)
        {
            ObjectSize = _objectSize?.Read(_memory, cache),
            Size = size.Value,
            ObjectsPerSlab = packed & ((1 << OrderShift) - 1),
            PagesPerSlab = 1UL << (int)(packed >> OrderShift),
            Objects = objects,
            Active = isCounted ? objects - Math.Min(free, objects) : null,
            Slabs = slabs,
        };
    }

    /// <summary>Counts the free objects in the slabs of a node's list; null when it can't be.</summary>
    private ulong? CountFree(ulong node, string name, Action<string> addDefect)
    {
        if (!_countsFree || _partial is not { } partial || _slabList is not { } list || _counters is not { } counters)
            return null;

        ulong limit = Math.Min(_partialCount?.Read(_memory, node) ?? 0, MaxSlabs);
        ulong free = 0;
        ulong head = unchecked(node + (ulong)partial.Offset);
        bool isTorn = false;
        var chain = new LinuxChain(
            _memory,
            $"slabs of {name}",
            (int)limit + 64, // it grows meanwhile
            defect =>
            {
                isTorn = true;
                addDefect(defect);
            }
        );
        foreach (ulong slab in chain.WalkRing(head, list.Offset))
        {
            if (counters.Read(_memory, slab) is not { } word)
                return null;

            ulong used = word & 0xffff;
            ulong all = word >> 16 & 0x7fff;
            free += all - Math.Min(used, all);
        }

        return isTorn ? null : free;
    }

    private IEnumerable<ulong> ListNodes(ulong cache)
    {
        if (_nodes is not { } nodes)
            yield break;

        int count =
            _kernel.FindSymbol("nr_node_ids") is { } place && _memory.TryReadUInt32(place, out uint number)
                ? (int)Math.Min(number, MaxNodes)
                : 1;
        for (int i = 0; i < Math.Min(count, nodes.Size / _nodeStride); i++)
        {
            ulong at = unchecked(cache + (ulong)(nodes.Offset + (i * _nodeStride) + _nodeOffset));
            if (_memory.TryReadUInt64(at, out ulong node) && node != 0)
                yield return node;
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
