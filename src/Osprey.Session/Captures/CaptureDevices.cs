using Osprey.Guests;
using Osprey.Guests.Devices;
using Osprey.Session.Captures.Rings;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Backends.Qemu.Virtio;
using Osprey.Target.Memory;

namespace Osprey.Session.Captures;

/// <summary>Finds the devices of a guest whose packets can be captured, and where their queues are.</summary>
/// <remarks>
/// QEMU knows that best, whatever runs in the guest, and tells it since version 7.2. Where it can't be asked, the
/// drivers of an operating system that has <see cref="IGuestDevices"/> are.
/// </remarks>
public sealed class CaptureDevices
{
    private const string NetworkKind = "virtio-net";
    private const string VsockKind = "vsock"; // QEMU: "vhost-vsock", "vhost-user-vsock", "virtio-vsock"
    private const string PackedRings = "VIRTIO_F_RING_PACKED";
    private const string InOrder = "VIRTIO_F_IN_ORDER";
    private const string IndirectTables = "VIRTIO_RING_F_INDIRECT_DESC";
    private const string TranslatedAddresses = "VIRTIO_F_IOMMU_PLATFORM";
    private const ulong PackedRingsBit = 1UL << 34;
    private const ulong ModernBit = 1UL << 32; // VIRTIO_F_VERSION_1
    private const ulong MergedBuffersBit = 1UL << 15; // VIRTIO_NET_F_MRG_RXBUF
    private const ulong HashReportBit = 1UL << 57; // VIRTIO_NET_F_HASH_REPORT
    private const int LegacyHeaderSize = 10; // struct virtio_net_hdr
    private const int MergedHeaderSize = 12; // struct virtio_net_hdr_mrg_rxbuf, virtio_net_hdr_v1
    private const int HashHeaderSize = 20; // struct virtio_net_hdr_v1_hash

    private CaptureDevices(IReadOnlyList<CaptureDevice> devices, IReadOnlyList<string> problems)
    {
        Devices = devices;
        Problems = problems;
    }

    /// <summary>The devices that can be captured.</summary>
    public IReadOnlyList<CaptureDevice> Devices { get; }

    /// <summary>Why others can't, in words.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Finds them.</summary>
    /// <param name="session">The guest. It is not paused.</param>
    /// <param name="cancellation">Ends a walk through the guest's drivers.</param>
    /// <exception cref="TargetException">Neither QEMU nor the guest's system tells.</exception>
    public static CaptureDevices Find(GuestSession session, CancellationToken cancellation)
    {
        if (session.Target.Qemu?.AskVirtioDevices(IsWanted) is { } known)
            return FromQemu(known);

        if (session.Os is IGuestDevices)
            return FromDrivers(session, cancellation);

        throw new TargetException(
            TargetProblem.NotSupported,
            $"{session.Target.Name}: the places of its virtio queues are not known: QEMU tells them by QMP, since "
                + "version 7.2, and this way to the guest has no such answer"
        );
    }

    /// <summary>Makes them of what QEMU says.</summary>
    internal static CaptureDevices FromQemu(IReadOnlyList<QemuVirtioDevice> known)
    {
        var devices = new List<CaptureDevice>();
        var problems = new List<string>();
        foreach (QemuVirtioDevice device in known)
        {
            if (!device.IsStarted)
                problems.Add($"{device.Name} is not in use: the guest has no driver for it, or has not set it up yet");
            else if (device.Features.Contains(PackedRings) && device.Features.Contains(InOrder))
                problems.Add(
                    $"{device.Name} has packed rings that give buffers back in batches (VIRTIO_F_RING_PACKED and "
                        + "VIRTIO_F_IN_ORDER), which are not supported"
                );
            else if (device.Features.Contains(TranslatedAddresses))
                problems.Add($"{device.Name} is behind an IOMMU (VIRTIO_F_ACCESS_PLATFORM), which is not supported");
            else
                devices.Add(FromQemu(device));
        }

        return new CaptureDevices(devices, problems);
    }

    private static bool IsWanted(string kind) =>
        kind == NetworkKind || kind.Contains(VsockKind, StringComparison.Ordinal);

    private static CaptureDevice FromQemu(QemuVirtioDevice device)
    {
        bool merges = device.Features.Contains("VIRTIO_NET_F_MRG_RXBUF");
        int headerSize =
            device.Features.Contains("VIRTIO_NET_F_HASH_REPORT") ? HashHeaderSize
            : merges || device.Features.Contains("VIRTIO_F_VERSION_1") ? MergedHeaderSize
            : LegacyHeaderSize;
        IEnumerable<Virtqueue> queues = device.Queues.Select(queue => new Virtqueue(
            queue.Number,
            (int)queue.Size,
            queue.Descriptors,
            queue.Available,
            queue.Used
        )
        {
            IsPacked = device.Features.Contains(PackedRings),
            MayBeIndirect = device.Features.Contains(IndirectTables),
        });
        return device.Kind == NetworkKind
            ? Network(device.Name, headerSize, merges, queues, device.QueueCount)
            : new CaptureDevice(
                device.Name,
                CaptureDeviceKind.Vsock,
                0,
                false,
                [.. queues.Where(queue => queue.Number == 0)],
                [.. queues.Where(queue => queue.Number == 1)]
            );
    }

    /// <summary>Even queues receive and odd ones transmit; the last one of an odd number is for control.</summary>
    private static CaptureDevice Network(
        string name,
        int headerSize,
        bool merges,
        IEnumerable<Virtqueue> queues,
        int queueCount
    )
    {
        int data = queueCount & ~1;
        return new CaptureDevice(
            name,
            CaptureDeviceKind.Network,
            headerSize,
            merges,
            [.. queues.Where(queue => queue.Number < data && queue.Number % 2 == 0)],
            [.. queues.Where(queue => queue.Number < data && queue.Number % 2 == 1)]
        );
    }

    private static CaptureDevices FromDrivers(GuestSession session, CancellationToken cancellation)
    {
        var drivers = session.RequireAbility<IGuestDevices>("its virtio devices can't be listed");
        GuestList<GuestDevice> list = drivers.ReadVirtioDevices(session.Kernel, cancellation);
        var devices = new List<CaptureDevice>();
        var problems = new List<string>(list.Defects);
        AddressSpace space = session.Os.GetKernelSpace(session.Vcpu.Space);
        foreach (GuestDevice device in list.Items.Where(device => device.Name == "virtio::net"))
        {
            string name = $"net{devices.Count}";
            ulong features = device.Features ?? 0;
            bool merges = (features & MergedBuffersBit) != 0;
            int headerSize =
                (features & HashReportBit) != 0 ? HashHeaderSize
                : merges || (features & ModernBit) != 0 ? MergedHeaderSize
                : LegacyHeaderSize;
            if (device.Features is null || (features & PackedRingsBit) != 0)
                problems.Add($"{name}: its features are not known, or it has packed rings, which are not supported");
            else
                devices.Add(
                    Network(
                        name,
                        headerSize,
                        merges,
                        device.Queues.Select(queue => Place(queue, space)).OfType<Virtqueue>(),
                        device.Queues.Count
                    )
                );
        }

        return new CaptureDevices(devices, problems);
    }

    private static Virtqueue? Place(GuestDeviceQueue queue, AddressSpace space) =>
        ToPhysical(queue.DescriptorsAddress, space) is { } descriptors
        && ToPhysical(queue.AvailableAddress, space) is { } available
        && ToPhysical(queue.UsedAddress, space) is { } used
            ? new Virtqueue(queue.Number, (int)queue.Size, descriptors, available, used)
            : null;

    private static ulong? ToPhysical(ulong? address, AddressSpace space) =>
        address is { } place && space.Walker.TryTranslate(place, out Translation found) ? found.Physical.Value : null;
}
