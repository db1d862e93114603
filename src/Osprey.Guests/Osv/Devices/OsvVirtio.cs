using Osprey.Guests.Devices;
using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Osv.Devices;

/// <summary>Lists OSv's drivers of virtio devices, with their queues.</summary>
/// <remarks>
/// The driver manager has all drivers; the table of virtual functions tells the class of each, and those count of which
/// <c>virtio::virtio_driver</c> is a base, a direct one or not.
/// </remarks>
internal static class OsvVirtio
{
    private const string BaseName = "virtio::virtio_driver";
    private const int MaxDrivers = 1 << 12;
    private const int MaxQueues = 1 << 10;

    // The virtio standard, "Virtqueues": the largest queue.
    private const ulong MaxQueueSize = 1 << 15;

    /// <summary>Lists the devices.</summary>
    public static GuestList<GuestDevice> Read(GuestKernel kernel, CancellationToken cancellation) =>
        GuestWalk<GuestDevice>.Read(
            kernel,
            walk =>
            {
                Value manager = kernel.GetVariable("hw::driver_manager::_instance");
                if (kernel.Values.FindType(BaseName) is null)
                    throw new TargetException(
                        TargetProblem.NotConfigured,
                        $"not configured in this kernel: it has no {BaseName}"
                    );

                if (manager.AsPointer() == 0)
                    return;

                if (OsvPointers.Target(manager).Member("_drivers") is not { } drivers)
                {
                    walk.AddDefect("the list of drivers is not understood");
                    return;
                }

                foreach (Value pointer in walk.Enumerate(drivers, "drivers", MaxDrivers))
                {
                    Value driver = OsvPointers.Target(pointer);
                    if (driver.WholeObject() is not { Address: { } address } whole)
                        walk.AddDefect($"the class of the driver at 0x{driver.Address ?? 0:x} is not known");
                    else if (whole.FindBase(type => type.Name == BaseName) is { } virtio)
                        walk.Add(ReadDevice(walk, whole, address, virtio));
                }
            },
            cancellation
        );

    private static GuestDevice ReadDevice(GuestWalk<GuestDevice> walk, Value whole, ulong address, Value driver)
    {
        string name = TypeNames.Spell(whole.Type);
        var queues = new List<GuestDeviceQueue>();
        Value? list = driver.Member("_queues");
        if (OsvPointers.Number(driver.Member("_num_queues")) is not { } count || list is null)
        {
            walk.AddDefect($"the queues of {name} at 0x{address:x} can't be read");
            count = 0;
        }

        ulong room = list?.ResolvedType is ArrayType { Count: { } length } ? length : MaxQueues;
        if (count > Math.Min(room, MaxQueues))
        {
            walk.AddDefect($"{name} at 0x{address:x} says it has {count} queues");
            count = 0;
        }

        bool? usesEvents = OsvPointers.Number(driver.Member("_cap_event_idx")) is { } uses ? uses != 0 : null;
        for (int i = 0; i < (int)count; i++)
        {
            Value? pointer = list!.Index(i);
            if (pointer?.AsPointer() == 0)
                continue;

            if (pointer is not null && ReadQueue(pointer, i, usesEvents == true) is { } queue)
                queues.Add(queue);
            else
                walk.AddDefect($"queue {i} of {name} at 0x{address:x} can't be read");
        }

        return new GuestDevice(
            name,
            address,
            OsvPointers.Number(driver.Member("_enabled_features")),
            usesEvents,
            queues
        );
    }

    private static GuestDeviceQueue? ReadQueue(Value pointer, int number, bool usesEvents)
    {
        Value queue = OsvPointers.Target(pointer).Fetch();
        if (
            pointer.AsPointer() is not { } address
            || OsvPointers.Number(queue.Member("_num")) is not (> 0 and <= MaxQueueSize and var size)
            || ReadIndex(queue.Path("_avail", "_idx")) is not { } available
            || ReadIndex(queue.Path("_used", "_idx")) is not { } used
        )
            return null;

        return new GuestDeviceQueue(number, address, (uint)size, available, used)
        {
            TakenIndex = ReadIndex(queue.Member("_used_ring_host_head")),
            Free = OsvPointers.Count(queue.Member("_avail_count")),
            Unannounced = OsvPointers.Count(queue.Member("_avail_added_since_kick")),
            DeviceIsQuiet = OsvPointers.Number(queue.Path("_used", "_flags")) is { } told ? (told & 1) != 0 : null,
            DriverIsQuiet = OsvPointers.Number(queue.Path("_avail", "_flags")) is { } asked ? (asked & 1) != 0 : null,
            AvailableEvent = usesEvents ? ReadEvent(queue.Member("_avail_event")) : null,
            DescriptorsAddress = queue.Member("_desc")?.AsPointer(),
            AvailableAddress = queue.Member("_avail")?.AsPointer(),
            UsedAddress = queue.Member("_used")?.AsPointer(),
            UsedEvent = usesEvents ? ReadEvent(queue.Member("_used_event")) : null,
        };
    }

    private static ushort? ReadEvent(Value? pointer) =>
        pointer?.AsPointer() is > 0 ? ReadIndex(OsvPointers.Target(pointer)) : null;

    /// <summary>Reads an index of a ring, of 16 bits; null when it is none or can't be read.</summary>
    private static ushort? ReadIndex(Value? value) =>
        OsvPointers.Number(value) is { } number and <= ushort.MaxValue ? (ushort)number : null;
}
