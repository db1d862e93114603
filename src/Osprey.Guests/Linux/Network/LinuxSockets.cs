using Osprey.Guests.Network;
using Osprey.Guests.Threads;
using Osprey.Target;

namespace Osprey.Guests.Linux.Network;

/// <summary>Lists the sockets of a network, as the tables of <c>/proc/net</c> have them.</summary>
internal static class LinuxSockets
{
    /// <summary>Lists those of the network that a process sees.</summary>
    /// <exception cref="TargetException">The process ended, or the kernel is not known.</exception>
    public static GuestList<GuestSocket> Read(
        GuestKernel kernel,
        GuestThreadState thread,
        GuestThreadList threads,
        CancellationToken cancellation
    ) =>
        GuestWalk<GuestSocket>.Read(
            kernel,
            walk =>
            {
                ulong network = LinuxNetworks.Get(kernel, thread);
                var tables = new LinuxSocketTables(kernel, network, walk.AddDefect);
                var reader = new LinuxSocketReader(
                    kernel,
                    network,
                    LinuxSocketOwners.Find(kernel, threads, cancellation),
                    walk.AddDefect
                );
                Add(tables.ListListening(), reader.ReadInternet);
                Add(tables.ListTcp(), reader.ReadInternet);
                Add(tables.ListUdp("udp_table"), reader.ReadInternet);
                Add(tables.ListUdp("udplite_table"), reader.ReadInternet);
                Add(tables.ListRaw("raw_v4_hashinfo"), reader.ReadInternet);
                Add(tables.ListRaw("raw_v6_hashinfo"), reader.ReadInternet);
                Add(tables.ListUnix(), reader.ReadUnix);
                Add(tables.ListNetlink(), reader.ReadNetlink);
                Add(tables.ListPacket(), reader.ReadPacket);

                void Add(IEnumerable<ulong> sockets, Func<ulong, GuestSocket?> read)
                {
                    foreach (ulong socket in sockets)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        if (read(socket) is { } found)
                            walk.Add(found);
                    }
                }
            },
            cancellation
        );
}
