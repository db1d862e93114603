using Osprey.Target;

namespace Osprey.Guests.Tracepoints;

/// <summary>An operating system whose tracepoints write samples to rings in its memory.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestTraceRings
{
    /// <summary>Finds the rings, and lists the tracepoints whose samples are in them. The walks are bounded.</summary>
    /// <exception cref="TargetException">The kernel is not known, or has no tracepoints.</exception>
    GuestTraceRings ReadTraceRings(GuestKernel kernel, CancellationToken cancellation);
}
