using Osprey.Guests.Linux.Scheduling;
using Osprey.Guests.PerCpu;
using Osprey.Guests.Scheduling;
using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Linux;

/// <content>The scheduler and per-CPU data.</content>
internal sealed partial class LinuxGuest : IGuestScheduler, IGuestPerCpu
{
    public GuestList<GuestRunQueue> ReadRunQueues(
        GuestKernel kernel,
        GuestThreadList threads,
        CancellationToken cancellation
    ) => LinuxRunQueues.Read(kernel, GetTasks(kernel), threads, cancellation);

    public GuestList<GuestMemoryWaiter> ReadMemoryWaiters(GuestKernel kernel, CancellationToken cancellation) =>
        throw new TargetException(
            TargetProblem.NotAnswered,
            "Linux keeps no list of threads that wait for memory: each tries to free some itself"
        );

    public GuestList<GuestCpuValue> ReadPerCpu(GuestKernel kernel, Value variable, CancellationToken cancellation) =>
        LinuxPerCpu.Read(kernel, variable, cancellation);
}
