using Osprey.Guests.Linux.Network;
using Osprey.Guests.Network;
using Osprey.Guests.Threads;

namespace Osprey.Guests.Linux;

/// <content>The network.</content>
internal sealed partial class LinuxGuest : IGuestNetwork
{
    public GuestList<GuestInterface> ReadInterfaces(
        GuestKernel kernel,
        GuestThreadState thread,
        CancellationToken cancellation
    ) => LinuxInterfaces.Read(kernel, thread, cancellation);

    public GuestList<GuestSocket> ReadSockets(
        GuestKernel kernel,
        GuestThreadState thread,
        GuestThreadList threads,
        CancellationToken cancellation
    ) => LinuxSockets.Read(kernel, thread, threads, cancellation);
}
