using Osprey.Guests.Osv.Threads;
using Osprey.Guests.Timers;
using Osprey.Values;

namespace Osprey.Guests.Osv.Scheduling;

/// <summary>Lists the callouts of the network stack that OSv has from FreeBSD.</summary>
internal static class OsvCallouts
{
    private const int MaxCallouts = 1 << 16;

    // callout.h of FreeBSD and OSv.
    private const ulong Active = 2; // CALLOUT_ACTIVE
    private const ulong Pending = 4; // CALLOUT_PENDING
    private const ulong Completed = 0x20; // CALLOUT_COMPLETED

    /// <summary>Lists the callouts, the soonest first.</summary>
    public static GuestList<GuestCallout> Read(GuestKernel kernel, CancellationToken cancellation) =>
        GuestWalk<GuestCallout>.Read(
            kernel,
            walk => walk.Visit(kernel.GetVariable("callouts::_callouts"), "callouts", MaxCallouts, ReadCallout),
            cancellation
        );

    private static GuestCallout? ReadCallout(Value pointer)
    {
        if (pointer.AsPointer() is not (> 0 and var address))
            return null;

        Value callout = OsvPointers.Target(pointer).Fetch();
        if (
            callout.Member("c_fn")?.AsPointer() is not { } function
            || OsvPointers.Number(callout.Member("c_flags")) is not { } flags
        )
            return null;

        return new GuestCallout(
            address,
            function,
            callout.Member("c_arg")?.AsPointer() ?? 0,
            OsvTime.Read(callout.Member("c_to_ns")),
            flags & uint.MaxValue
        )
        {
            IsActive = (flags & Active) != 0,
            IsPending = (flags & Pending) != 0,
            IsCompleted = (flags & Completed) != 0,
        };
    }
}
