using Osprey.Target;

namespace Osprey.Guests.Tracepoints;

/// <summary>An operating system whose tracepoints can be enabled and disabled by writing its memory.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestTracepointSwitches
{
    /// <summary>Finds what is to be written to enable or disable tracepoints. Nothing is written.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="request">The tracepoints and what is wanted of them.</param>
    /// <param name="cancellation">Ends the walks through the kernel's lists.</param>
    /// <exception cref="TargetException">
    /// The kernel is not known or has no tracepoints, has not allocated what samples are written to, or holds something
    /// that is not understood: then no part of the plan is to be trusted.
    /// </exception>
    GuestTracepointPlan PlanTracepoints(
        GuestKernel kernel,
        GuestTracepointRequest request,
        CancellationToken cancellation
    );
}
