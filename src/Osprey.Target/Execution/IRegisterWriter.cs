using Osprey.Target.Architectures;

namespace Osprey.Target.Execution;

/// <summary>
/// Writes the registers of vCPUs while a guest stands still: an ability that a guest has only when the user allowed it.
/// </summary>
public interface IRegisterWriter
{
    /// <summary>Writes one register.</summary>
    /// <param name="cpu">The vCPU's number from 0.</param>
    /// <param name="register">The register.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="TargetException">It can't be written, or the guest can't be reached any more.</exception>
    void WriteRegister(int cpu, Register register, ulong value);
}
