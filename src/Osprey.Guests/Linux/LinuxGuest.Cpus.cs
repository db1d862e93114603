using Osprey.Guests.Cpus;
using Osprey.Guests.Interrupts;
using Osprey.Guests.Linux.Cpus;
using Osprey.Guests.Linux.Interrupts;
using Osprey.Guests.Linux.Timers;
using Osprey.Guests.Threads;
using Osprey.Guests.Timers;

namespace Osprey.Guests.Linux;

/// <content>CPUs, interrupts and timers.</content>
internal sealed partial class LinuxGuest : IGuestCpus, IGuestInterrupts, IGuestKernelTimers
{
    public GuestList<GuestCpuState> ReadCpus(
        GuestKernel kernel,
        GuestThreadList threads,
        CancellationToken cancellation
    ) => LinuxCpuStates.Read(kernel, GetTasks(kernel), threads, cancellation);

    public GuestList<GuestInterrupt> ReadInterrupts(GuestKernel kernel, CancellationToken cancellation) =>
        LinuxInterrupts.Read(kernel, cancellation);

    public GuestList<GuestKernelTimer> ReadTimers(GuestKernel kernel, CancellationToken cancellation) =>
        LinuxTimers.Read(kernel, cancellation);
}
