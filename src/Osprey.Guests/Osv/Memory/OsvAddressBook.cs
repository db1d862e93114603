using System.Globalization;
using Osprey.Guests.Memory;
using Osprey.Guests.Osv.Scheduling;
using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Osv.Memory;

/// <summary>The owners of an OSv guest's addresses: the kernel's lists, read once.</summary>
internal sealed class OsvAddressBook : IGuestAddressBook
{
    private readonly List<GuestPlace> _objects = [];
    private readonly List<string> _defects = [];
    private readonly GuestKernel _kernel;
    private readonly OsvAreas _areas;
    private readonly OsvHeap _heap;
    private readonly List<(ulong Base, int Cpu)> _perCpu = [];
    private (ulong Start, ulong End) _perCpuTemplate;
    private IReadOnlyList<GuestMapping> _mappings = [];
    private IReadOnlyList<GuestLinearMap> _linearMaps = [];
    private IReadOnlyList<GuestFreeRange> _free = [];
    private OsvPageCaches? _caches;

    private OsvAddressBook(GuestKernel kernel)
    {
        _kernel = kernel;
        _areas = OsvAreas.Read(kernel);
        _heap = new OsvHeap(kernel);
    }

    public IReadOnlyList<string> Defects => _defects;

    /// <summary>Reads the kernel's lists.</summary>
    public static OsvAddressBook Read(GuestKernel kernel, GuestThreadList? threads, CancellationToken cancellation)
    {
        // A kernel that is not known has none of this: the question can't be asked.
        if (!kernel.Values.Modules.Any())
            kernel.GetVariable("memory::free_page_ranges");

        var book = new OsvAddressBook(kernel);
        if (threads is not null)
        {
            book._defects.AddRange(threads.Defects);
            book.AddThreads(threads);
        }

        book.AddCpus();
        book._mappings = book.TryRead("mappings", () => OsvMappings.Read(kernel, cancellation));
        book._linearMaps = book.TryRead("linear maps", () => OsvMappings.ReadLinear(kernel, cancellation));
        book._free =
        [
            .. book.TryRead("free ranges", () => OsvFreeRanges.Read(kernel, cancellation))
                .OrderBy(range => range.Address),
        ];
        book._caches = OsvPageCaches.Read(kernel, book._defects);
        return book;
    }

    public IReadOnlyList<GuestPlace> Find(ulong address)
    {
        var places = new List<GuestPlace>();
        AddObjects(places, address);
        AddPerCpu(places, address);
        AddHeap(places, address);
        foreach (GuestMapping mapping in _mappings)
        {
            if (Contains(mapping.Start, mapping.Size, address))
                places.Add(
                    new GuestPlace(GuestPlaceKind.Mapping, Describe(mapping, address), mapping.Start, mapping.Size)
                );
        }

        foreach (GuestLinearMap map in _linearMaps)
        {
            if (Contains(map.Start, map.Size, address))
                places.Add(
                    new GuestPlace(
                        GuestPlaceKind.LinearMap,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"linear map '{map.Name}': physical 0x{unchecked(address - map.Start + map.Physical):x}"
                        ),
                        map.Start,
                        map.Size
                    )
                );
        }

        return [.. places.OrderBy(place => place.Kind).ThenBy(place => place.Size ?? ulong.MaxValue)];
    }

    public IReadOnlyList<ulong> FindAliases(ulong physical)
    {
        var aliases = new SortedSet<ulong>();
        foreach (GuestLinearMap map in _linearMaps)
        {
            if (Contains(map.Physical, map.Size, physical))
                aliases.Add(unchecked(physical - map.Physical + map.Start));
        }

        aliases.UnionWith(_areas.ListAliases(physical));
        return [.. aliases];
    }

    public IReadOnlyList<GuestPlace> FindByAlias(ulong alias)
    {
        var places = new List<GuestPlace>();
        AddObjects(places, alias);
        AddPerCpu(places, alias);
        if (_areas.FindName(alias) == "mempool" && _heap.FindPooled(alias) is { } found)
            places.Add(found);

        return places;
    }

    private static bool Contains(ulong? start, ulong? size, ulong address) =>
        start is { } first && address >= first && address - first < size;

    private static string Describe(GuestMapping mapping, ulong address)
    {
        string flags = mapping.Flags.Count == 0 ? "" : $" ({string.Join(", ", mapping.Flags)})";
        string file = mapping.Path is { } path
            ? string.Create(
                CultureInfo.InvariantCulture,
                $" of {path} at offset 0x{unchecked((mapping.Offset ?? 0) + (address - mapping.Start)):x}"
            )
            : "";
        return $"mapping{file}{flags}";
    }

    private ulong? FindPhysical(ulong address)
    {
        foreach (GuestLinearMap map in _linearMaps)
        {
            if (Contains(map.Start, map.Size, address))
                return unchecked(address - map.Start + map.Physical);
        }

        return _areas.FindPhysical(address);
    }

    private void AddHeap(List<GuestPlace> places, ulong address)
    {
        ulong? physical = FindPhysical(address);
        GuestPlace? free =
            FindFree(address, physical) is { } range
                ? new GuestPlace(GuestPlaceKind.Free, "free range of pages", range.Address, range.Size)
            : FindCache(address, physical) is { } cpu
                ? new GuestPlace(
                    GuestPlaceKind.Free,
                    $"free page that CPU {cpu} keeps for the next request",
                    address & ~(OsvFreeRanges.PageSize - 1),
                    OsvFreeRanges.PageSize
                )
            : null;
        if (free is not null)
            places.Add(free);

        if (_areas.FindName(address) is not { } area)
            return;

        GuestPlace? found =
            free is not null ? null
            : area == "mempool" ? _heap.FindPooled(address)
            : area == "main" ? _heap.FindLarge(address, _areas.Base, _free)
            : null;
        if (found is not null)
            places.Add(found);

        string meaning = area switch
        {
            "mempool" => "small objects in pools",
            "page" => "allocations of one page",
            "debug" => "the debugging allocator",
            _ => "large blocks and free ranges",
        };
        places.Add(new GuestPlace(GuestPlaceKind.HeapArea, $"heap area '{area}': {meaning}"));
    }

    /// <summary>Finds a free range of the same physical memory, whatever map it is seen through.</summary>
    private GuestFreeRange? FindFree(ulong address, ulong? physical)
    {
        foreach (GuestFreeRange range in _free)
        {
            bool isInside = range.Physical is { } start
                ? physical is { } place && Contains(start, range.Size, place)
                : Contains(range.Address, range.Size, address);
            if (isInside)
                return range;
        }

        return null;
    }

    private int? FindCache(ulong address, ulong? physical)
    {
        if (_caches is null)
            return null;

        ulong page = address & ~(OsvFreeRanges.PageSize - 1);
        if (_caches.Pages.TryGetValue(page, out int cpu))
            return cpu;

        foreach (ulong alias in physical is { } place ? _areas.ListAliases(place) : [])
        {
            if (_caches.Pages.TryGetValue(alias & ~(OsvFreeRanges.PageSize - 1), out cpu))
                return cpu;
        }

        return null;
    }

    private void AddObjects(List<GuestPlace> places, ulong address)
    {
        foreach (GuestPlace place in _objects)
        {
            if (Contains(place.Start, place.Size, address))
                places.Add(
                    place.Kind is GuestPlaceKind.Thread or GuestPlaceKind.Cpu ? AddMember(place, address) : place
                );
        }
    }

    private void AddPerCpu(List<GuestPlace> places, ulong address)
    {
        foreach ((ulong start, int cpu) in _perCpu)
        {
            ulong link = unchecked(address - start);
            if (link < _perCpuTemplate.Start || link >= _perCpuTemplate.End)
                continue;

            string name = _kernel.Symbols.FindTableSymbol(link) is { } symbol
                ? string.Create(CultureInfo.InvariantCulture, $"{symbol.Name}+0x{link - symbol.Address:x}")
                : "no variable that is known";
            places.Add(
                new GuestPlace(
                    GuestPlaceKind.PerCpu,
                    $"variables of CPU {cpu}: {name}",
                    unchecked(start + _perCpuTemplate.Start),
                    _perCpuTemplate.End - _perCpuTemplate.Start
                )
            );
        }
    }

    private GuestPlace AddMember(GuestPlace place, ulong address)
    {
        ulong offset = address - place.Start!.Value;
        string type = place.Kind == GuestPlaceKind.Thread ? "sched::thread" : "sched::cpu";
        string? member = OsvMemberPath.Find(_kernel.Values, _kernel.Values.FindType(type), offset);
        return offset == 0 || member is null ? place : place with { Description = $"{place.Description}, {member}" };
    }

    private void AddThreads(GuestThreadList threads)
    {
        ulong? size = _kernel.Values.GetSize(_kernel.Values.FindType("sched::thread"));
        foreach (GuestThreadState thread in threads.Threads)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"thread {thread.Id} ({thread.Name})");
            _objects.Add(new GuestPlace(GuestPlaceKind.Thread, name, thread.Address, size));
            if (thread is { StackStart: { } start and not 0, StackSize: { } bytes and not 0 })
                _objects.Add(new GuestPlace(GuestPlaceKind.Stack, $"stack of {name}", start, bytes));
        }
    }

    private void AddCpus()
    {
        if (_kernel.Symbols.FindSymbol("_percpu_start") is { } start)
            _perCpuTemplate = (start, _kernel.Symbols.FindSymbol("_percpu_end") ?? start);

        ulong? size = _kernel.Values.GetSize(_kernel.Values.FindType("sched::cpu"));
        foreach ((int number, Value cpu) in OsvCpuList.Enumerate(_kernel))
        {
            if (cpu.Address is not { } address || address == 0)
                continue;

            _objects.Add(new GuestPlace(GuestPlaceKind.Cpu, $"CPU {number}", address, size));
            if (cpu.Member("percpu_base")?.AsPointer() is { } variables)
                _perCpu.Add((variables, number));
        }
    }

    private IReadOnlyList<T> TryRead<T>(string what, Func<GuestList<T>> read)
    {
        try
        {
            GuestList<T> list = read();
            _defects.AddRange(list.Defects);
            return list.Items;
        }
        catch (TargetException exception) when (exception.Problem == TargetProblem.NotConfigured)
        {
            return [];
        }
        catch (TargetException exception) when (exception.Problem == TargetProblem.NotUnderstood)
        {
            _defects.Add($"{what}: {exception.Message}");
            return [];
        }
    }
}
