using Osprey.Tests.Guests.Osv;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.GdbServer.Faults;

/// <summary>The faults of other servers, on an OSv guest.</summary>
[Trait("Category", "Slow")]
public sealed class OsvDebuggerFaultTests
{
    [OsvBuildFact("qemu-system-x86_64", "gdb")]
    public void Faults_OfOthers_AreNone()
    {
        using var booted = new OsvGuest(2);
        booted.WaitForBoot();
        var guest = new OsvFaultGuest(booted);
        DebuggerFaults.StopsAndLists_AreTheGuestsOwn(guest);
        DebuggerFaults.SteppedThread_OnNoCpu_IsTheOneThatStops(guest);
        DebuggerFaults.Registers_AreTheChosenThreads(guest);
        DebuggerFaults.Step_OfAThread_AsksForNoOther(guest);
    }
}
