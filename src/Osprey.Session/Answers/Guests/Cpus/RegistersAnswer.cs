using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures;

namespace Osprey.Session.Answers.Guests.Cpus;

/// <summary>The answer to: what do the registers of vCPUs, or of the thread that was chosen, hold?</summary>
/// <param name="Access">The state that the guest is read in, as one word.</param>
/// <param name="Vcpus">One row for each vCPU.</param>
public sealed record RegistersAnswer(string Access, IReadOnlyList<VcpuRegisters> Vcpus)
{
    /// <summary>The columns.</summary>
    public static Shape<RegistersAnswer> Shape { get; } =
        new Shape<RegistersAnswer>("registers")
            .Text("access", answer => answer.Access)
            .Records("vcpus", answer => answer.Vcpus, () => VcpuRegisters.Shape);

    /// <summary>Asks a guest.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="cpu">The vCPU's number from 0; null for all.</param>
    /// <param name="pauses">Whether a live guest is paused meanwhile.</param>
    public static RegistersAnswer Ask(GuestSession session, int? cpu, bool pauses)
    {
        if (session.Selected is { State: { } thread } context)
        {
            RegisterSet saved = context.ReadRegisters();
            return new RegistersAnswer(
                session.AccessWord,
                [new VcpuRegisters(context.Cpu, saved.ProgramCounter, ListValues(saved)) { Thread = thread }]
            );
        }

        GuestTarget target = session.Target;
        IReadOnlyList<int> cpus = cpu is int one ? [one] : [.. Enumerable.Range(0, target.CpuCount)];
        IReadOnlyList<RegisterSet> sets = target.ReadRegisters(cpus);
        if (pauses && target.Access == TargetAccess.Live)
        {
            // Once more, now that whatever is slow the first time is over.
            using (target.Pause())
                sets = target.ReadRegisters(cpus);
        }

        return new RegistersAnswer(
            session.AccessWord,
            [.. sets.Select((set, i) => new VcpuRegisters(cpus[i], set.ProgramCounter, ListValues(set)))]
        );
    }

    private static List<RegisterValue> ListValues(RegisterSet set)
    {
        var values = new List<RegisterValue>();
        foreach (Register register in set.Architecture.Registers)
        {
            if (set.TryGet(register, out ulong value))
                values.Add(new RegisterValue(register.Name, value));
        }

        return values;
    }
}
