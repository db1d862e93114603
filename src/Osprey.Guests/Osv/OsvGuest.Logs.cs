using Osprey.Guests.Logs;
using Osprey.Guests.Osv.Logs;

namespace Osprey.Guests.Osv;

/// <content>The kernel's messages.</content>
internal sealed partial class OsvGuest : IGuestLog
{
    public GuestLog ReadLog(GuestKernel kernel) => OsvLog.Read(kernel);
}
