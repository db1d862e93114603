using Osprey.Guests.Linux.Network;
using Osprey.Guests.Network;
using Osprey.Guests.Threads;
using Osprey.Symbols.Types;
using Osprey.Target;

namespace Osprey.Guests.Linux;

/// <content>The network.</content>
internal sealed partial class LinuxGuest : IGuestNetwork
{
    public GuestList<GuestInterface> ReadInterfaces(
        GuestKernel kernel,
        GuestThreadState thread,
        CancellationToken cancellation
    ) => LinuxInterfaces.Read(kernel, thread, name => FindTypesOfModule(kernel, name), cancellation);

    public GuestList<GuestSocket> ReadSockets(
        GuestKernel kernel,
        GuestThreadState thread,
        GuestThreadList threads,
        CancellationToken cancellation
    ) => LinuxSockets.Read(kernel, thread, threads, cancellation);

    private ITypeSource? FindTypesOfModule(GuestKernel kernel, string name)
    {
        try
        {
            return FindTypes(kernel.FindSymbol) is { } own
                ? FindModuleTypes(kernel, own).Items.FirstOrDefault(item => item.Module == name)?.Types
                : null;
        }
        catch (TargetException)
        {
            return null; // a kernel whose modules do not describe their types
        }
    }
}
