namespace Osprey.Session.Answers.Guests.Cpus;

/// <summary>The registers of a vCPU.</summary>
/// <param name="Cpu">The vCPU's number from 0.</param>
/// <param name="ProgramCounter">The address of its next instruction; null when unknown.</param>
/// <param name="Values">The registers that are known.</param>
public sealed record VcpuRegisters(int Cpu, ulong? ProgramCounter, IReadOnlyList<RegisterValue> Values)
{
    /// <summary>The columns.</summary>
    internal static Shape<VcpuRegisters> Shape { get; } =
        new Shape<VcpuRegisters>("vcpus")
            .Integer("cpu", row => row.Cpu)
            .Map(
                "registers",
                (row, writer) =>
                {
                    foreach (RegisterValue register in row.Values)
                        writer.Address(new Column(register.Name, ColumnKind.Address), register.Value);
                }
            );
}
