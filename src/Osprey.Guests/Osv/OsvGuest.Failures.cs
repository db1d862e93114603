using Osprey.Guests.Failures;
using Osprey.Guests.Osv.Failures;
using Osprey.Target.Unwinding;

namespace Osprey.Guests.Osv;

/// <content>Whether the kernel aborted.</content>
internal sealed partial class OsvGuest : IGuestFailure
{
    public GuestFailure? ReadFailure(GuestKernel kernel) => OsvAbort.Read(kernel);

    public GuestCpuActivity FindActivity(IReadOnlyList<BacktraceRow> stack) => OsvAbort.FindActivity(stack);
}
