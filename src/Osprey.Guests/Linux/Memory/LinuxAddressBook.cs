using System.Globalization;
using Osprey.Guests.Linux.Locks;
using Osprey.Guests.Memory;
using Osprey.Guests.Threads;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Memory;

/// <summary>
/// The owners of a Linux kernel's addresses: its tasks and their stacks, the objects of its caches, its image, and the
/// map that it keeps of all physical memory.
/// </summary>
internal sealed class LinuxAddressBook : IGuestAddressBook
{
    private readonly GuestThreadList? _threads;
    private readonly Lazy<LinuxObjectNames> _objects;
    private readonly ulong? _taskSize;
    private readonly (ulong Start, ulong End) _image;
    private readonly (ulong Start, ulong End) _directMap;

    /// <param name="kernel">The kernel.</param>
    /// <param name="threads">All threads; null when they can't be listed.</param>
    /// <param name="imageStart">Address of the first byte of the kernel's image.</param>
    public LinuxAddressBook(GuestKernel kernel, GuestThreadList? threads, ulong imageStart)
    {
        _threads = threads;
        _objects = new Lazy<LinuxObjectNames>(() => new LinuxObjectNames(kernel));
        _taskSize = new LinuxStruct(kernel, "struct task_struct").Size;
        if (
            kernel.FindSymbol("_end") is { } imageEnd
            && unchecked(imageEnd - imageStart) is > 0 and <= LinuxImage.MaxSize
        )
            _image = (imageStart, imageEnd);

        if (ReadVariable(kernel, "page_offset_base") is { } start && ReadVariable(kernel, "high_memory") is { } end)
            _directMap = (start, end);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Defects => [];

    /// <inheritdoc/>
    public IReadOnlyList<GuestPlace> Find(ulong address)
    {
        var places = new List<GuestPlace>();
        AddTask(places, address);
        foreach (GuestThreadState thread in _threads?.Threads ?? [])
        {
            if (thread is { StackStart: { } start, StackSize: { } size } && unchecked(address - start) < size)
                places.Add(new GuestPlace(GuestPlaceKind.Stack, $"stack of thread {thread.Label}", start, size));
        }

        if (IsIn(_directMap, address))
        {
            if (_objects.Value.Find(address) is { } name)
                places.Add(new GuestPlace(GuestPlaceKind.HeapObject, $"object of a slab cache: {name.Trim('(', ')')}"));

            places.Add(
                new GuestPlace(
                    GuestPlaceKind.LinearMap,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"linear map of memory, physical 0x{address - _directMap.Start:x}"
                    ),
                    _directMap.Start,
                    _directMap.End - _directMap.Start
                )
            );
        }

        if (IsIn(_image, address))
            places.Add(
                new GuestPlace(GuestPlaceKind.Program, "image of the kernel", _image.Start, _image.End - _image.Start)
            );

        return places;
    }

    /// <inheritdoc/>
    public IReadOnlyList<ulong> FindAliases(ulong physical) => [];

    /// <inheritdoc/>
    public IReadOnlyList<GuestPlace> FindByAlias(ulong alias) => [];

    /// <summary>
    /// Adds the task that an address is in. Tasks are made smaller than their type where the CPU has less state to
    /// save, so that the next one may begin within: the last that begins before the address counts.
    /// </summary>
    private void AddTask(List<GuestPlace> places, ulong address)
    {
        if (
            _taskSize is { } size
            && _threads?.Threads.Where(thread => thread.Address <= address).MaxBy(thread => thread.Address) is { } task
            && address - task.Address < size
        )
            places.Add(new GuestPlace(GuestPlaceKind.Thread, $"thread {task.Label}", task.Address, size));
    }

    private static bool IsIn((ulong Start, ulong End) range, ulong address) =>
        address >= range.Start && address < range.End;

    private static ulong? ReadVariable(GuestKernel kernel, string name) =>
        kernel.FindSymbol(name) is { } place && kernel.Values.Memory.TryReadUInt64(place, out ulong value) && value != 0
            ? value
            : null;
}
