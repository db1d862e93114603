using Osprey.Target;
using Osprey.Target.Unwinding;

namespace Osprey.Guests.Failures;

/// <summary>An operating system that shows from outside whether it gave up, and why.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestFailure
{
    /// <summary>Reads whether the kernel gave up, and with which words.</summary>
    /// <returns>Null when it did not.</returns>
    /// <exception cref="TargetException">The kernel is not known, or has no such thing.</exception>
    GuestFailure? ReadFailure(GuestKernel kernel);

    /// <summary>Tells what a CPU does, by the functions on its stack.</summary>
    /// <param name="stack">The frames with their names, the innermost first.</param>
    GuestCpuActivity FindActivity(IReadOnlyList<BacktraceRow> stack);
}
