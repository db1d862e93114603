using Osprey.Guests.Modules;
using Osprey.Guests.Osv.ThreadLocals;
using Osprey.Guests.ThreadLocals;

namespace Osprey.Guests.Osv;

/// <content>The thread-local variables of what is loaded.</content>
internal sealed partial class OsvGuest : IGuestThreadLocals
{
    private OsvThreadLocals? _threadLocals;

    public GuestThreadLocals? FindThreadLocals(GuestKernel kernel, GuestObject loaded, ulong threadPointer)
    {
        if (_threadLocals?.Kernel != kernel)
            _threadLocals = new OsvThreadLocals(kernel);

        return _threadLocals.Find(loaded, threadPointer);
    }
}
