using Osprey.Guests.Threads;

namespace Osprey.Session.Answers.Guests.Cpus;

/// <summary>The registers of a vCPU, or of a thread of the guest.</summary>
/// <param name="Cpu">The vCPU's number from 0; null for a thread that does not run.</param>
/// <param name="ProgramCounter">The address of its next instruction; null when unknown.</param>
/// <param name="Values">The registers that are known.</param>
public sealed record VcpuRegisters(int? Cpu, ulong? ProgramCounter, IReadOnlyList<RegisterValue> Values)
{
    /// <summary>The thread that was asked for; null for a vCPU.</summary>
    public GuestThreadState? Thread { get; init; }

    /// <summary>The columns.</summary>
    internal static Shape<VcpuRegisters> Shape { get; } =
        new Shape<VcpuRegisters>("vcpus")
            .Integer("cpu", row => row.Cpu)
            .Unsigned("thread", row => row.Thread?.Id)
            .Optional()
            .Map(
                "registers",
                (row, writer) =>
                {
                    foreach (RegisterValue register in row.Values)
                        writer.Address(new Column(register.Name, ColumnKind.Address), register.Value);
                }
            );
}
