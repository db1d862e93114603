using Osprey.Guests.Failures;
using Osprey.Guests.Linux.Failures;
using Osprey.Guests.Threads;
using Osprey.Target.Unwinding;

namespace Osprey.Guests.Linux;

/// <content>Whether the kernel panicked.</content>
internal sealed partial class LinuxGuest : IGuestFailure
{
    public (string Verb, string Past) FailureWords => ("panic", "panicked");

    public GuestFailure? ReadFailure(GuestKernel kernel) => LinuxPanic.Read(kernel);

    public GuestCpuActivity FindActivity(IReadOnlyList<BacktraceRow> stack) => LinuxPanic.FindActivity(stack);

    public IReadOnlyList<GuestThreadState> FindHung(GuestKernel kernel, GuestThreadList threads) =>
        LinuxHungTasks.Find(kernel, GetTasks(kernel).State, threads);
}
