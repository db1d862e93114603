using Osprey.Tests.Guests.Osv;

namespace Osprey.Tests.GdbServer.Faults;

/// <summary>An OSv guest, with the files of its build.</summary>
/// <param name="guest">A guest that is up.</param>
internal sealed record OsvFaultGuest(OsvGuest guest) : FaultGuest(guest.Name, Path.GetDirectoryName(guest.GdbSocket)!)
{
    private static readonly string[] s_wakeful = ["rand_harvestq", "callout"];

    /// <inheritdoc/>
    public override string Function => "sched::cpu::reschedule_from_interrupt";

    /// <inheritdoc/>
    public override bool GoesOnSoon(MachineThread thread) => !thread.IsRunning && s_wakeful.Contains(thread.Name);

    /// <inheritdoc/>
    public override string ReadRunning(GdbMachine gdb) => gdb.Evaluate("sched::s_current->_id");
}
