using Osprey.Session.Captures;
using Osprey.Target.Backends.Qemu.Virtio;

namespace Osprey.Tests.Session.Captures;

/// <summary>Tests which devices of those that QEMU tells can be captured, and how.</summary>
public sealed class CaptureDevicesTests
{
    [Theory]
    [InlineData(10, false)]
    [InlineData(12, false, "VIRTIO_F_VERSION_1")]
    [InlineData(12, true, "VIRTIO_NET_F_MRG_RXBUF")]
    [InlineData(20, true, "VIRTIO_NET_F_MRG_RXBUF", "VIRTIO_NET_F_HASH_REPORT", "VIRTIO_F_VERSION_1")]
    public void Network_HasTheHeaderOfItsFeatures(int size, bool merges, params string[] features)
    {
        CaptureDevice device = Assert.Single(CaptureDevices.FromQemu([Device("virtio-net", 3, features)]).Devices);
        Assert.Equal((size, merges), (device.HeaderSize, device.MergesBuffers));
    }

    [Fact]
    public void Network_OfSeveralQueues_LeavesControlOut()
    {
        CaptureDevice device = Assert.Single(CaptureDevices.FromQemu([Device("virtio-net", 5)]).Devices);
        Assert.Equal("net0", device.Name);
        Assert.Equal([0, 2], device.Receive.Select(queue => queue.Number));
        Assert.Equal([1, 3], device.Transmit.Select(queue => queue.Number));
    }

    [Fact]
    public void Network_OfPackedRings_IsRead()
    {
        string[] features = ["VIRTIO_F_RING_PACKED", "VIRTIO_RING_F_INDIRECT_DESC"];
        CaptureDevice device = Assert.Single(CaptureDevices.FromQemu([Device("virtio-net", 3, features)]).Devices);
        Assert.All(device.Receive.Concat(device.Transmit), queue => Assert.True(queue.IsPacked & queue.MayBeIndirect));
    }

    [Fact]
    public void Vsock_HasNoHeaderOfItsOwn()
    {
        CaptureDevice device = Assert.Single(CaptureDevices.FromQemu([Device("vhost-vsock", 3)]).Devices);
        Assert.Equal((CaptureDeviceKind.Vsock, 0), (device.Kind, device.HeaderSize));
        Assert.Equal([0], device.Receive.Select(queue => queue.Number));
        Assert.Equal([1], device.Transmit.Select(queue => queue.Number));
    }

    [Theory]
    [InlineData(
        "net0 has packed rings that give buffers back in batches (VIRTIO_F_RING_PACKED and VIRTIO_F_IN_ORDER), which "
            + "are not supported",
        "VIRTIO_F_RING_PACKED",
        "VIRTIO_F_IN_ORDER"
    )]
    [InlineData(
        "net0 is behind an IOMMU (VIRTIO_F_ACCESS_PLATFORM), which is not supported",
        "VIRTIO_F_IOMMU_PLATFORM"
    )]
    public void NotSupported_IsSaid(string problem, params string[] features)
    {
        CaptureDevices found = CaptureDevices.FromQemu([Device("virtio-net", 3, features)]);
        Assert.Empty(found.Devices);
        Assert.Equal([problem], found.Problems);
    }

    [Fact]
    public void NotStarted_IsSaid()
    {
        CaptureDevices found = CaptureDevices.FromQemu([Device("virtio-net", 3) with { IsStarted = false }]);
        Assert.Empty(found.Devices);
        Assert.Equal(["net0 is not in use: the guest has no driver for it, or has not set it up yet"], found.Problems);
    }

    [Theory]
    [InlineData("/machine/peripheral/net0/virtio-backend", "net0")]
    [InlineData("/machine/peripheral-anon/device[1]/virtio-backend", "device[1]")]
    [InlineData("/machine/peripheral/net1", "net1")]
    [InlineData("", "virtio-net")]
    public void Name_IsTheIdOfTheDevice(string path, string name) =>
        Assert.Equal(name, (Device("virtio-net", 3) with { Path = path }).Name);

    private static QemuVirtioDevice Device(string kind, int queues, params string[] features) =>
        new(
            kind,
            "/machine/peripheral/net0/virtio-backend",
            true,
            new HashSet<string>(features),
            [.. Enumerable.Range(0, queues).Select(i => new QemuVirtqueue(i, 256, 0x1000, 0x2000, 0x3000))]
        )
        {
            QueueCount = queues,
        };
}
