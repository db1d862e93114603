using Osprey.Guests.Network;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;
using Osprey.Target.Memory;
using Osprey.Values;

namespace Osprey.Guests.Linux.Network;

/// <summary>Reads what network interfaces counted, where the kernel's own code counts.</summary>
/// <remarks>
/// A driver with a function of its own for the numbers (<c>ndo_get_stats64</c>) keeps them where it likes. Of these
/// functions, those that the kernel itself has are known, which add up what each CPU counted, and that of virtio cards.
/// </remarks>
internal sealed class LinuxInterfaceCounters
{
    private readonly GuestKernel _kernel;
    private readonly IMemoryReader _memory;
    private readonly LinuxField? _ways;
    private readonly LinuxField? _read64;
    private readonly LinuxField? _read;
    private readonly LinuxField? _loopback;
    private readonly LinuxField? _tunnel;

    private readonly Lazy<LinuxVirtioCounters?> _virtio;

    /// <param name="kernel">The kernel.</param>
    /// <param name="findModuleTypes">Finds the types of a module by its name; null when they are not known.</param>
    public LinuxInterfaceCounters(GuestKernel kernel, Func<string, ITypeSource?> findModuleTypes)
    {
        _kernel = kernel;
        _memory = kernel.Values.Memory;
        _ways = LinuxField.Find(kernel.Values, "struct net_device", "netdev_ops");
        _read64 = LinuxField.Find(kernel.Values, "struct net_device_ops", "ndo_get_stats64");
        _read = LinuxField.Find(kernel.Values, "struct net_device_ops", "ndo_get_stats");
        _loopback = LinuxField.Find(kernel.Values, "struct net_device", "lstats");
        _tunnel = LinuxField.Find(kernel.Values, "struct net_device", "tstats");
        _virtio = new Lazy<LinuxVirtioCounters?>(() =>
            LinuxVirtioCounters.TryCreate(kernel, kernel.Values)
            ?? (
                findModuleTypes("virtio_net") is { } types
                    ? LinuxVirtioCounters.TryCreate(
                        kernel,
                        new ValueSpace(_memory, [new ValueModule(types, LoadBias.None)])
                    )
                    : null
            )
        );
    }

    /// <summary>Reads what an interface counted; null when that is not known.</summary>
    public GuestInterfaceCounters? Read(ulong device)
    {
        if (_ways?.Read(_memory, device) is not { } ways || !LinuxStruct.IsKernelAddress(ways))
            return null;

        ulong? function = _read64?.Read(_memory, ways);
        return function switch
        {
            null => null,
            0 => _read?.Read(_memory, ways) == 0 ? ReadPlain(device) : null,
            _ when function == _kernel.FindSymbol("loopback_get_stats64") => ReadLoopback(device),
            _ when function == _kernel.FindSymbol("dev_get_tstats64") => ReadTunnel(device),
            { } other when _kernel.Symbols.FindTableSymbol(other)?.Name == "virtnet_stats" => _virtio.Value?.Read(
                device
            ),
            _ => null,
        };
    }

    /// <summary>All that was sent came in.</summary>
    private GuestInterfaceCounters? ReadLoopback(ulong device)
    {
        ulong? bytes = Sum(device, _loopback, "struct pcpu_lstats", "bytes");
        ulong? packets = Sum(device, _loopback, "struct pcpu_lstats", "packets");
        return bytes is { } size && packets is { } count ? new(size, count, size, count) : null;
    }

    private GuestInterfaceCounters? ReadTunnel(ulong device)
    {
        const string Layout = "struct pcpu_sw_netstats";
        GuestInterfaceCounters? plain = ReadPlain(device);
        return
            plain is not null
            && Sum(device, _tunnel, Layout, "rx_bytes") is { } received
            && Sum(device, _tunnel, Layout, "rx_packets") is { } receivedPackets
            && Sum(device, _tunnel, Layout, "tx_bytes") is { } sent
            && Sum(device, _tunnel, Layout, "tx_packets") is { } sentPackets
            ? new GuestInterfaceCounters(
                unchecked(plain.ReceivedBytes + received),
                unchecked(plain.ReceivedPackets + receivedPackets),
                unchecked(plain.SentBytes + sent),
                unchecked(plain.SentPackets + sentPackets)
            )
            : null;
    }

    private GuestInterfaceCounters? ReadPlain(ulong device)
    {
        return
            Get("rx_bytes") is { } received
            && Get("rx_packets") is { } receivedPackets
            && Get("tx_bytes") is { } sent
            && Get("tx_packets") is { } sentPackets
            ? new GuestInterfaceCounters(received, receivedPackets, sent, sentPackets)
            : null;

        ulong? Get(string counter) =>
            LinuxField.Find(_kernel.Values, "struct net_device", "stats", counter)?.Read(_memory, device);
    }

    private ulong? Sum(ulong device, LinuxField? pointer, string layout, string counter)
    {
        if (
            pointer?.Read(_memory, device) is not { } place
            || place == 0
            || LinuxField.Find(_kernel.Values, layout, counter) is not { } field
        )
            return null;

        ulong sum = 0;
        foreach ((_, ulong offset) in LinuxCpus.Read(_kernel).All)
        {
            if (field.Read(_memory, unchecked(place + offset)) is not { } value)
                return null;

            sum = unchecked(sum + value);
        }

        return sum;
    }
}
