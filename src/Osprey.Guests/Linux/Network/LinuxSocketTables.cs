using System.Buffers.Binary;
using Osprey.Guests.Linux.Containers;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Network;

/// <summary>Goes through the tables that the kernel's protocols keep their sockets in.</summary>
/// <remarks>
/// Most are hash tables: an array of heads, each with a chain of sockets. Where a table is and how its heads look
/// changed over the years; all forms since 4.x are tried by the names of the members. A protocol of which nothing is
/// found is named in a defect, unless the kernel has no symbol for it at all.
/// </remarks>
/// <param name="kernel">The kernel.</param>
/// <param name="network">The namespace.</param>
/// <param name="addDefect">Takes the reasons why sockets are missing.</param>
internal sealed class LinuxSocketTables(GuestKernel kernel, ulong network, Action<string> addDefect)
{
    private const int MaxSockets = 1 << 22;
    private const ulong MaxHeads = 1 << 24;
    private const int PieceSize = 1 << 16;
    private const ulong UnixHeads = 512; // UNIX_HASH_SIZE
    private const ulong NetlinkProtocols = 32; // MAX_LINKS

    private readonly IMemoryReader _memory = kernel.Values.Memory;

    /// <summary>Sockets of TCP that are connected, or on their way to be or no longer so.</summary>
    public IEnumerable<ulong> ListTcp()
    {
        ulong table = FindTcp();
        ulong start = Get("struct inet_hashinfo", table, "ehash");
        ulong count = Get("struct inet_hashinfo", table, "ehash_mask") + 1;
        return WalkHeads("TCP sockets", start, count, "struct inet_ehash_bucket", "chain");
    }

    /// <summary>Sockets of TCP that listen.</summary>
    public IEnumerable<ulong> ListListening()
    {
        ulong table = FindTcp();
        const string Head = "struct inet_listen_hashbucket";
        string chain = LinuxField.Find(kernel.Values, Head, "nulls_head") is null ? "head" : "nulls_head";
        if (LinuxField.Find(kernel.Values, "struct inet_hashinfo", "listening_hash") is { } inside) // until 5.18
            return WalkHeads(
                "listening sockets",
                unchecked(table + (ulong)inside.Offset),
                (ulong)inside.Size / Math.Max(GetSize(Head), 1),
                Head,
                chain
            );

        ulong start = Get("struct inet_hashinfo", table, "lhash2");
        ulong count = Get("struct inet_hashinfo", table, "lhash2_mask") + 1;
        return WalkHeads("listening sockets", start, count, Head, chain);
    }

    /// <summary>Sockets of UDP, or of UDP-Lite.</summary>
    /// <param name="symbol">The table: "udp_table".</param>
    public IEnumerable<ulong> ListUdp(string symbol)
    {
        ulong own =
            symbol == "udp_table"
                ? LinuxField.Find(kernel.Values, "struct net", "ipv4", "udp_table")?.Read(_memory, network) ?? 0
                : 0;
        if ((own != 0 ? own : kernel.FindSymbol(symbol)) is not { } table)
            return [];

        ulong start = Get("struct udp_table", table, "hash");
        ulong count = Get("struct udp_table", table, "mask") + 1;
        return WalkHeads("UDP sockets", start, count, "struct udp_hslot", "head");
    }

    /// <summary>Raw sockets.</summary>
    /// <param name="symbol">The table: "raw_v4_hashinfo".</param>
    public IEnumerable<ulong> ListRaw(string symbol) =>
        kernel.FindSymbol(symbol) is { } table
        && LinuxField.Find(kernel.Values, "struct raw_hashinfo", "ht") is { } heads
            ? WalkPointers("raw sockets", unchecked(table + (ulong)heads.Offset), (ulong)heads.Size / sizeof(ulong))
            : [];

    /// <summary>Sockets within the machine, in all namespaces where the kernel has one table.</summary>
    public IEnumerable<ulong> ListUnix()
    {
        ulong? start =
            LinuxField.Find(kernel.Values, "struct net", "unx", "table", "buckets")?.Read(_memory, network) // since 6.0
            ?? kernel.FindSymbol("unix_socket_table");
        return start is { } table ? WalkPointers("unix sockets", table, UnixHeads) : [];
    }

    /// <summary>Sockets between programs and the kernel, in all namespaces.</summary>
    public IEnumerable<ulong> ListNetlink()
    {
        LinuxField? table = LinuxField.Find(kernel.Values, "struct netlink_table", "hash", "tbl");
        LinuxField? buckets = LinuxField.Find(kernel.Values, "struct bucket_table", "buckets");
        LinuxField? node = LinuxField.Find(kernel.Values, "struct netlink_sock", "node");
        ulong size = GetSize("struct netlink_table");
        if (kernel.FindSymbol("nl_table") is not { } symbol)
            yield break;

        if (
            table is null
            || buckets is null
            || node is null
            || size == 0
            || !_memory.TryReadUInt64(symbol, out ulong first)
        )
        {
            addDefect("the table of netlink sockets is not understood");
            yield break;
        }

        // Since 5.3, the lowest bit of a head is a lock.
        ulong lockBit = kernel.Values.FindType("struct rhash_lock_head") is not null ? 1UL : 0;
        LinuxChain chain = CreateChain("netlink sockets");
        for (ulong protocol = 0; protocol < NetlinkProtocols; protocol++)
        {
            ulong hash = table.Value.Read(_memory, unchecked(first + (protocol * size))) ?? 0;
            ulong count = hash == 0 ? 0 : Get("struct bucket_table", hash, "size");
            ulong heads = unchecked(hash + (ulong)buckets.Value.Offset);
            foreach (ulong head in ReadHeads("netlink sockets", heads, count, sizeof(ulong), 0))
            {
                foreach (ulong socket in chain.WalkChain(head & ~lockBit, node.Value.Offset))
                    yield return socket;
            }
        }
    }

    /// <summary>Sockets for packets of a device.</summary>
    public IEnumerable<ulong> ListPacket() =>
        LinuxField.Find(kernel.Values, "struct net", "packet", "sklist", "first")?.Read(_memory, network) is { } first
            ? CreateChain("packet sockets").WalkChain(first, GetLink())
            : [];

    private ulong FindTcp()
    {
        ulong? own = LinuxField
            .Find(kernel.Values, "struct net", "ipv4", "tcp_death_row", "hashinfo")
            ?.Read(_memory, network);
        return own is > 0 and var table && LinuxStruct.IsKernelAddress(table)
            ? table
            : LinuxVariables.GetAddress(kernel, "tcp_hashinfo");
    }

    private IEnumerable<ulong> WalkPointers(string name, ulong start, ulong count) =>
        Walk(name, ReadHeads(name, start, count, sizeof(ulong), 0));

    private IEnumerable<ulong> WalkHeads(string name, ulong start, ulong count, string layout, string member)
    {
        if (LinuxField.Find(kernel.Values, layout, member, "first") is { } first && GetSize(layout) is > 0 and var size)
            return Walk(name, ReadHeads(name, start, count, (int)size, first.Offset));

        addDefect($"the table of {name} is not understood");
        return [];
    }

    private IEnumerable<ulong> Walk(string name, IEnumerable<ulong> heads)
    {
        LinuxChain chain = CreateChain(name);
        int link = GetLink();
        foreach (ulong head in heads)
        {
            foreach (ulong socket in chain.WalkChain(head, link))
                yield return socket;
        }
    }

    private LinuxChain CreateChain(string name) => new(_memory, name, MaxSockets, addDefect);

    private int GetLink() => new LinuxStruct(kernel, "struct sock_common").Require("skc_node").Offset;

    /// <summary>Reads the heads that are not empty.</summary>
    private IEnumerable<ulong> ReadHeads(string name, ulong start, ulong count, int size, int offset)
    {
        if (!LinuxStruct.IsKernelAddress(start) || count > MaxHeads || size > PieceSize)
        {
            addDefect($"the table of {name} is not understood: it has {count} entries at 0x{start:x}");
            yield break;
        }

        byte[] piece = new byte[PieceSize / size * size];
        for (ulong first = 0; first < count; first += (ulong)(piece.Length / size))
        {
            int heads = (int)Math.Min((ulong)(piece.Length / size), count - first);
            if (!_memory.TryRead(unchecked(start + (first * (ulong)size)), piece.AsSpan(0, heads * size)))
            {
                addDefect($"the table of {name} can't be read");
                yield break;
            }

            for (int i = 0; i < heads; i++)
            {
                ulong head = BinaryPrimitives.ReadUInt64LittleEndian(piece.AsSpan((i * size) + offset));
                if (head != 0)
                    yield return head;
            }
        }
    }

    private ulong Get(string layout, ulong address, string member) =>
        LinuxStruct.IsKernelAddress(address)
        && new LinuxStruct(kernel, layout).Require(member).Read(_memory, address) is { } found
            ? found
            : 0;

    private ulong GetSize(string layout) => kernel.Values.GetSize(kernel.Values.FindType(layout)) ?? 0;
}
