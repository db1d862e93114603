using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.PerCpu;

/// <summary>An operating system with variables of which each CPU has its own copy.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestPerCpu
{
    /// <summary>Finds the copies of a variable.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="variable">The variable, as the kernel's sources declare it.</param>
    /// <param name="cancellation">Ends the walk over CPUs.</param>
    /// <exception cref="TargetException">It is no such variable, or the kernel's CPUs are not understood.</exception>
    GuestList<GuestCpuValue> ReadPerCpu(GuestKernel kernel, Value variable, CancellationToken cancellation);
}
