using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;

namespace Osprey.Guests.Threads;

/// <summary>An operating system whose threads can be listed from outside, those that sleep included.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestThreads
{
    /// <summary>True when threads belong to processes, which have address spaces of their own.</summary>
    bool HasProcesses => false;

    /// <summary>
    /// The type of the objects that the system keeps threads in; null when expressions have no use for it.
    /// </summary>
    string? ThreadType => null;

    /// <summary>
    /// Tells whether a vCPU with these registers runs a thread; null when the thread pointer says all that there is.
    /// </summary>
    bool? IsOn(GuestKernel kernel, GuestThreadState thread, RegisterSet registers) => null;

    /// <summary>
    /// Tells whether registers that were read at another moment than a thread that ran then can be its own: in a guest
    /// that runs, the vCPU may have changed threads between. Cheap.
    /// </summary>
    bool CanBeOf(GuestKernel kernel, GuestThreadState thread, RegisterSet registers) => true;

    /// <summary>
    /// Reads the thread that a vCPU with these registers runs, without the list of all; null when that can't be told:
    /// the list may tell.
    /// </summary>
    GuestThreadState? FindCurrent(GuestKernel kernel, RegisterSet registers) => null;

    /// <summary>
    /// Finds the page tables of a thread's process; null when it has none of its own, or they can't be found.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="space">The kernel's address space.</param>
    PhysicalAddress? FindPageTables(GuestKernel kernel, GuestThreadState thread, AddressSpace space) => null;

    /// <summary>
    /// Lists the guest's threads by number. The walk is bounded. Where the guest changed its list meanwhile, it is
    /// walked again a few times; what is wrong in the end stands in the list's defects.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="TargetException">The kernel is not known, or keeps no list of threads.</exception>
    GuestThreadList ReadThreads(GuestKernel kernel, CancellationToken cancellation);

    /// <summary>
    /// Tells whether a thread ran since it was read, so that a stack that was read meanwhile may be made of two. Cheap.
    /// </summary>
    bool HasRun(GuestKernel kernel, GuestThreadState thread);

    /// <summary>Reads a thread again; null when it ended.</summary>
    GuestThreadState? ReadAgain(GuestKernel kernel, GuestThreadState thread);

    /// <summary>
    /// Tells whether a frame is of the scheduler or of a lock, so that the place where a thread waits is further out.
    /// </summary>
    bool IsWaiting(BacktraceRow frame);

    /// <summary>Finds out what a thread waits for.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="threads">All threads.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="stack">Its stack.</param>
    /// <param name="rows">The stack's frames with their names.</param>
    /// <returns>Null when it runs, or it can't be told.</returns>
    GuestWait? FindWait(
        GuestKernel kernel,
        GuestThreadList threads,
        GuestThreadState thread,
        Backtrace stack,
        IReadOnlyList<BacktraceRow> rows
    );
}
