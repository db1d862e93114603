using System.Globalization;
using System.Net;
using System.Text;
using Osprey.Guests.Linux.Containers;
using Osprey.Guests.Network;
using Osprey.Guests.Threads;
using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Network;

/// <summary>Lists network interfaces, as <c>ip address</c> does.</summary>
internal sealed class LinuxInterfaces
{
    private const int MaxInterfaces = 1 << 20;
    private const int MaxAddresses = 1 << 16;
    private const int MaxHardwareAddress = 32; // MAX_ADDR_LEN
    private const int Version4Length = 4;
    private const int Version6Length = 16;
    private const ulong UpFlag = 1; // IFF_UP

    private static readonly string[] s_links =
    [
        "unknown",
        "not present",
        "down",
        "lower layer down",
        "testing",
        "dormant",
        "up",
    ];

    private readonly GuestKernel _kernel;
    private readonly IMemoryReader _memory;
    private readonly GuestWalk<GuestInterface> _walk;
    private readonly LinuxStruct _device;
    private readonly LinuxField _name;
    private readonly LinuxField? _index;
    private readonly LinuxField? _flags;
    private readonly LinuxField? _link;
    private readonly LinuxField? _mtu;
    private readonly LinuxField? _hardware;
    private readonly LinuxField? _hardwareLength;
    private readonly LinuxField? _version4;
    private readonly LinuxField? _version6;
    private readonly LinuxInterfaceCounters _counters;

    private LinuxInterfaces(GuestKernel kernel, GuestWalk<GuestInterface> walk, LinuxInterfaceCounters counters)
    {
        _kernel = kernel;
        _memory = kernel.Values.Memory;
        _walk = walk;
        _device = new LinuxStruct(kernel, "struct net_device");
        _name = _device.Require("name");
        _index = _device.Find("ifindex");
        _flags = _device.Find("flags");
        _link = _device.Find("operstate");
        _mtu = _device.Find("mtu");
        _hardware = _device.Find("dev_addr");
        _hardwareLength = _device.Find("addr_len");
        _version4 = _device.Find("ip_ptr");
        _version6 = _device.Find("ip6_ptr");
        _counters = counters;
    }

    /// <summary>Lists those that a process sees.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="thread">A thread of the process.</param>
    /// <param name="findModuleTypes">Finds the types of a module by its name; null when they are not known.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="TargetException">The process ended, or the kernel is not known.</exception>
    public static GuestList<GuestInterface> Read(
        GuestKernel kernel,
        GuestThreadState thread,
        Func<string, ITypeSource?> findModuleTypes,
        CancellationToken cancellation
    )
    {
        var counters = new LinuxInterfaceCounters(kernel, findModuleTypes);
        LinuxField list = new LinuxStruct(kernel, "struct net").Require("dev_base_head");
        LinuxField link = new LinuxStruct(kernel, "struct net_device").Require("dev_list");
        return GuestWalk<GuestInterface>.Read(
            kernel,
            walk =>
            {
                var reader = new LinuxInterfaces(kernel, walk, counters);
                ulong head = unchecked(LinuxNetworks.Get(kernel, thread) + (ulong)list.Offset);
                var chain = new LinuxChain(kernel.Values.Memory, "interfaces", MaxInterfaces, walk.AddDefect);
                foreach (ulong device in chain.WalkRing(head, link.Offset))
                    reader.Add(device);
            },
            cancellation
        );
    }

    private void Add(ulong device)
    {
        if (!_device.TryCopy(device, out ReadOnlySpan<byte> copy))
        {
            _walk.AddDefect("an interface can't be read");
            return;
        }

        ReadOnlySpan<byte> name = copy.Slice(_name.Offset, _name.Size);
        int end = name.IndexOf((byte)0);
        ulong? flags = _flags?.Get(copy);
        ulong? link = _link?.Get(copy);
        ulong? hardware = _hardware?.Get(copy);
        ulong? length = _hardwareLength?.Get(copy);
        ulong version4 = _version4?.Get(copy) ?? 0;
        ulong version6 = _version6?.Get(copy) ?? 0;
        _walk.Add(
            new GuestInterface(Encoding.UTF8.GetString(end < 0 ? name : name[..end]), device)
            {
                Index = _index?.Get(copy),
                IsUp = flags is { } bits ? (bits & UpFlag) != 0 : null,
                Link = link is { } number && number < (ulong)s_links.Length ? s_links[number] : null,
                Mtu = _mtu?.Get(copy),
                HardwareAddress = ReadHardwareAddress(hardware, length),
                Addresses = [.. ListVersion4(version4), .. ListVersion6(version6)],
                Counters = _counters.Read(device),
            }
        );
    }

    private string? ReadHardwareAddress(ulong? place, ulong? length)
    {
        if (place is not { } address || length is not (> 0 and <= MaxHardwareAddress))
            return null;

        byte[] bytes = new byte[(int)length.Value];
        return LinuxStruct.IsKernelAddress(address) && _memory.TryRead(address, bytes) && bytes.Any(item => item != 0)
            ? string.Join(':', bytes.Select(item => item.ToString("x2", CultureInfo.InvariantCulture)))
            : null;
    }

    private IEnumerable<string> ListVersion4(ulong settings)
    {
        if (settings == 0)
            yield break;

        var layout = new LinuxStruct(_kernel, "struct in_ifaddr");
        LinuxField? next = layout.Find("ifa_next");
        LinuxField? local = layout.Find("ifa_local");
        LinuxField? prefix = layout.Find("ifa_prefixlen");
        LinuxField? list = LinuxField.Find(_kernel.Values, "struct in_device", "ifa_list");
        var seen = new HashSet<ulong>();
        for (ulong? item = list?.Read(_memory, settings); item is > 0; item = next?.Read(_memory, item.Value))
        {
            byte[] bytes = new byte[Version4Length];
            bool isWhole =
                LinuxStruct.IsKernelAddress(item.Value)
                && local is { } field
                && _memory.TryRead(unchecked(item.Value + (ulong)field.Offset), bytes);
            if (!isWhole || seen.Count >= MaxAddresses || !seen.Add(item.Value))
            {
                _walk.AddDefect("the addresses of an interface can't be read, or are torn");
                yield break;
            }

            yield return Format(bytes, prefix?.Read(_memory, item.Value));
        }
    }

    private IEnumerable<string> ListVersion6(ulong settings)
    {
        LinuxField? list = LinuxField.Find(_kernel.Values, "struct inet6_dev", "addr_list");
        var layout = new LinuxStruct(_kernel, "struct inet6_ifaddr");
        LinuxField? link = layout.Find("if_list");
        LinuxField? address = layout.Find("addr");
        LinuxField? prefix = layout.Find("prefix_len");
        if (settings == 0 || list is null || link is null || address is null)
            yield break;

        var chain = new LinuxChain(_memory, "addresses", MaxAddresses, _walk.AddDefect);
        foreach (ulong item in chain.WalkRing(unchecked(settings + (ulong)list.Value.Offset), link.Value.Offset))
        {
            byte[] bytes = new byte[Version6Length];
            if (_memory.TryRead(unchecked(item + (ulong)address.Value.Offset), bytes))
                yield return Format(bytes, prefix?.Read(_memory, item));
        }
    }

    private static string Format(byte[] address, ulong? prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(address)}/{prefix}");
}
