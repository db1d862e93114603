using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Target.Unwinding;

namespace Osprey.Guests.Failures;

/// <summary>An operating system that shows from outside whether it gave up, and why.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestFailure
{
    /// <summary>The system's word for giving up, and its past: "abort" and "aborted".</summary>
    (string Verb, string Past) FailureWords => ("abort", "aborted");

    /// <summary>Reads whether the kernel gave up, and with which words.</summary>
    /// <returns>Null when it did not, and met no other error.</returns>
    /// <exception cref="TargetException">The kernel is not known, or has no such thing.</exception>
    GuestFailure? ReadFailure(GuestKernel kernel);

    /// <summary>Tells what a CPU does, by the functions on its stack.</summary>
    /// <param name="stack">The frames with their names, the innermost first.</param>
    GuestCpuActivity FindActivity(IReadOnlyList<BacktraceRow> stack);

    /// <summary>
    /// Finds the threads that have waited for so long, and in such a way, that the system takes them for hung.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="threads">All threads.</param>
    /// <returns>The threads; none where the system knows no such thing.</returns>
    IReadOnlyList<GuestThreadState> FindHung(GuestKernel kernel, GuestThreadList threads) => [];
}
