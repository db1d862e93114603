using Osprey.Target;

namespace Osprey.Guests.Tracepoints;

/// <summary>An operating system whose tracepoints can be listed from outside.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestTracepoints
{
    /// <summary>Lists the tracepoints in the kernel's order. The walks are bounded.</summary>
    /// <exception cref="TargetException">The kernel is not known, or has no tracepoints.</exception>
    GuestList<GuestTracepoint> ReadTracepoints(GuestKernel kernel, CancellationToken cancellation);
}
