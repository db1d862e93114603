using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Network;

/// <summary>The places of what is read of sockets, as the kernel's own types have them.</summary>
internal sealed class LinuxSocketLayout
{
    private readonly LinuxField? _file;
    private readonly LinuxField? _inode;
    private readonly LinuxField? _oldType;

    /// <exception cref="TargetException">The kernel's types are not known, or not understood.</exception>
    public LinuxSocketLayout(GuestKernel kernel)
    {
        Common = new LinuxStruct(kernel, "struct sock_common");
        State = Common.Require("skc_state");
        Family = Common.Require("skc_family");
        Port = Common.Require("skc_num");
        RemotePort = Common.Require("skc_dport");
        Local = Common.Require("skc_rcv_saddr");
        Remote = Common.Require("skc_daddr");
        Local6 = Common.Find("skc_v6_rcv_saddr");
        Remote6 = Common.Find("skc_v6_daddr");
        Network = Common.Require("skc_net", "net");
        Type = LinuxField.Find(kernel.Values, "struct sock", "sk_type"); // bits of a number until 5.5
        Protocol = LinuxField.Find(kernel.Values, "struct sock", "sk_protocol");
        NetlinkPort = LinuxField.Find(kernel.Values, "struct netlink_sock", "portid");
        PacketProtocol = LinuxField.Find(kernel.Values, "struct packet_sock", "num");
        _file = LinuxField.Find(kernel.Values, "struct sock", "sk_socket");
        _inode = LinuxField.Find(kernel.Values, "struct socket_alloc", "vfs_inode", "i_ino");
        _oldType = LinuxField.Find(kernel.Values, "struct socket", "type");
    }

    public LinuxStruct Common { get; }

    public LinuxField State { get; }

    public LinuxField Family { get; }

    /// <summary>The local port, in the CPU's byte order; for raw sockets, the protocol.</summary>
    public LinuxField Port { get; }

    /// <summary>The remote port, in the network's byte order.</summary>
    public LinuxField RemotePort { get; }

    public LinuxField Local { get; }

    public LinuxField Remote { get; }

    public LinuxField? Local6 { get; }

    public LinuxField? Remote6 { get; }

    public LinuxField Network { get; }

    public LinuxField? Type { get; }

    public LinuxField? Protocol { get; }

    public LinuxField? NetlinkPort { get; }

    public LinuxField? PacketProtocol { get; }

    /// <summary>Finds the number that files have for a socket; null when no program has it.</summary>
    public ulong? FindInode(IMemoryReader memory, ulong socket) =>
        _file?.Read(memory, socket) is { } file && LinuxStruct.IsKernelAddress(file)
            ? _inode?.Read(memory, file)
            : null;

    /// <summary>Reads the type of a socket in a kernel whose sockets have it in bits of a number.</summary>
    public ulong? ReadOldType(IMemoryReader memory, ulong socket) =>
        _file?.Read(memory, socket) is { } file && LinuxStruct.IsKernelAddress(file)
            ? _oldType?.Read(memory, file)
            : null;
}
