using Osprey.Guests.Devices;
using Osprey.Guests.FileSystems;
using Osprey.Guests.Osv.Devices;
using Osprey.Guests.Osv.FileSystems;
using Osprey.Guests.Osv.Scheduling;
using Osprey.Guests.Osv.Threads;
using Osprey.Guests.Osv.Tracepoints;
using Osprey.Guests.PerCpu;
using Osprey.Guests.Scheduling;
using Osprey.Guests.Threads;
using Osprey.Guests.Timers;
using Osprey.Guests.Tracepoints;
using Osprey.Values;

namespace Osprey.Guests.Osv;

/// <content>The scheduler, per-CPU data, callouts, devices, file systems and tracepoints.</content>
internal sealed partial class OsvGuest
    : IGuestScheduler,
        IGuestRunning,
        IGuestPerCpu,
        IGuestTimers,
        IGuestDevices,
        IGuestFileSystems,
        IGuestTracepoints,
        IGuestTraceRings,
        IGuestTracepointSwitches
{
    public IReadOnlyList<GuestRunningPlace> FindRunningPlaces(GuestKernel kernel) => OsvCpus.FindPlaces(kernel);

    public GuestList<GuestRunQueue> ReadRunQueues(
        GuestKernel kernel,
        GuestThreadList threads,
        CancellationToken cancellation
    ) => OsvRunQueues.Read(kernel, threads, cancellation);

    public GuestList<GuestMemoryWaiter> ReadMemoryWaiters(GuestKernel kernel, CancellationToken cancellation) =>
        OsvMemoryWaiters.Read(kernel, cancellation);

    public GuestList<GuestCpuValue> ReadPerCpu(GuestKernel kernel, Value variable, CancellationToken cancellation) =>
        OsvPerCpu.Read(kernel, variable, cancellation);

    public GuestList<GuestCallout> ReadCallouts(GuestKernel kernel, CancellationToken cancellation) =>
        OsvCallouts.Read(kernel, cancellation);

    public GuestList<GuestDevice> ReadVirtioDevices(GuestKernel kernel, CancellationToken cancellation) =>
        OsvVirtio.Read(kernel, cancellation);

    public GuestList<GuestStatistic> ReadZfs(GuestKernel kernel, CancellationToken cancellation) =>
        OsvZfs.Read(kernel, cancellation);

    public GuestList<GuestTracepoint> ReadTracepoints(GuestKernel kernel, CancellationToken cancellation) =>
        OsvTracepoints.List(kernel, cancellation);

    public GuestTracepointPlan PlanTracepoints(
        GuestKernel kernel,
        GuestTracepointRequest request,
        CancellationToken cancellation
    ) => OsvTracepointPlan.Make(kernel, request, cancellation);

    public GuestTraceRings ReadTraceRings(GuestKernel kernel, CancellationToken cancellation) =>
        OsvTraceRings.Read(kernel, cancellation);
}
