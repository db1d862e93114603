using Osprey.Guests.Network;
using Osprey.Target.Memory;
using Osprey.Values;

namespace Osprey.Guests.Linux.Network;

/// <summary>Reads what the driver of virtio network cards counted, as its <c>virtnet_stats</c> adds it up.</summary>
/// <remarks>
/// The driver's <c>virtnet_info</c> is behind the kernel's own part of the interface. It has an array of queues for
/// each direction, each with its counters. The types are the driver's, which is a module of most kernels: they are in
/// the module's own description (BTF).
/// </remarks>
internal sealed class LinuxVirtioCounters
{
    private const string Device = "struct net_device";
    private const string Driver = "struct virtnet_info";
    private const ulong PrivateAlignment = 32; // NETDEV_ALIGN
    private const ulong MaxQueues = 1 << 16;

    private readonly IMemoryReader _memory;
    private readonly ulong _private;
    private readonly LinuxField _count;
    private readonly Queues _received;
    private readonly Queues _sent;

    private LinuxVirtioCounters(IMemoryReader memory, ulong own, LinuxField count, Queues received, Queues sent)
    {
        _memory = memory;
        _private = own;
        _count = count;
        _received = received;
        _sent = sent;
    }

    /// <summary>Prepares to read; null when the types are not known, or other ones.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="driver">The driver's types.</param>
    public static LinuxVirtioCounters? TryCreate(GuestKernel kernel, ValueSpace driver)
    {
        // Newer kernels say where the driver's part is; before, it is behind the interface's own.
        ulong? own = LinuxField.Find(kernel.Values, Device, "priv") is { } place
            ? (ulong)place.Offset
            : kernel.Values.GetSize(kernel.Values.FindType(Device));
        return
            own is { } size
            && LinuxField.Find(driver, Driver, "max_queue_pairs") is { } count
            && Queues.Find(driver, "rq", "struct receive_queue") is { } received
            && Queues.Find(driver, "sq", "struct send_queue") is { } sent
            ? new LinuxVirtioCounters(
                kernel.Values.Memory,
                (size + PrivateAlignment - 1) & ~(PrivateAlignment - 1),
                count,
                received,
                sent
            )
            : null;
    }

    /// <summary>Reads what an interface of the driver counted; null when it can't be read.</summary>
    public GuestInterfaceCounters? Read(ulong device)
    {
        ulong own = unchecked(device + _private);
        return
            _count.Read(_memory, own) is { } count and <= MaxQueues
            && _received.Sum(_memory, own, count) is var (received, receivedPackets)
            && _sent.Sum(_memory, own, count) is var (sent, sentPackets)
            ? new GuestInterfaceCounters(received, receivedPackets, sent, sentPackets)
            : null;
    }

    /// <summary>The queues of one direction.</summary>
    private sealed record Queues(LinuxField Array, ulong Size, LinuxField Bytes, LinuxField Packets)
    {
        public static Queues? Find(ValueSpace types, string array, string queue) =>
            LinuxField.Find(types, Driver, array) is { } first
            && types.GetSize(types.FindType(queue)) is > 0 and var size
            && LinuxField.Find(types, queue, "stats", "bytes") is { } bytes
            && LinuxField.Find(types, queue, "stats", "packets") is { } packets
                ? new Queues(first, size, bytes, packets)
                : null;

        public (ulong Bytes, ulong Packets)? Sum(IMemoryReader memory, ulong driver, ulong count)
        {
            if (Array.Read(memory, driver) is not { } queue || !LinuxStruct.IsKernelAddress(queue))
                return null;

            (ulong bytes, ulong packets) = (0, 0);
            for (ulong i = 0; i < count; i++, queue = unchecked(queue + Size))
            {
                if (Bytes.Read(memory, queue) is not { } size || Packets.Read(memory, queue) is not { } number)
                    return null;

                bytes = unchecked(bytes + size);
                packets = unchecked(packets + number);
            }

            return (bytes, packets);
        }
    }
}
