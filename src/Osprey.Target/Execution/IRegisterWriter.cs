using Osprey.Target.Architectures;

namespace Osprey.Target.Execution;

/// <summary>
/// Writes the registers of vCPUs while a guest stands still: an ability that a guest has only when the user allowed it.
/// </summary>
public interface IRegisterWriter
{
    /// <summary>
    /// Writes registers. Whoever lets go of the guest meanwhile waits until all are written: with some of them the
    /// guest would go astray.
    /// </summary>
    /// <param name="cpu">The vCPU's number from 0.</param>
    /// <param name="values">The registers and their values.</param>
    /// <exception cref="TargetException">
    /// One can't be written, or the guest can't be reached any more.
    /// </exception>
    void WriteRegisters(int cpu, IReadOnlyList<(Register Register, ulong Value)> values);
}
