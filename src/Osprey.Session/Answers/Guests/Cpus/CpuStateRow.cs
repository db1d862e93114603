using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.Cpus;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures.X64;

namespace Osprey.Session.Answers.Guests.Cpus;

/// <summary>A CPU of the guest.</summary>
/// <param name="Cpu">The CPU as the kernel keeps it.</param>
/// <param name="TakesInterrupts">
/// True when it takes interrupts, false when they are turned off; null when its registers can't be read.
/// </param>
public sealed record CpuStateRow(GuestCpuState Cpu, bool? TakesInterrupts)
{
    private const ulong InterruptFlag = 1 << 9;

    /// <summary>The columns.</summary>
    public static Shape<CpuStateRow> Shape { get; } =
        new Shape<CpuStateRow>("cpus")
            .Integer("cpu", row => row.Cpu.Number)
            .Text("state", row => row.State)
            .Unsigned("id", row => row.Cpu.Thread?.Id)
            .Text("name", row => row.Cpu.Thread?.Name)
            .Text("in", row => string.Join(", ", row.Cpu.Contexts))
            .OnlyInText()
            .Texts("contexts", row => row.Cpu.Contexts)
            .OnlyInData()
            .Unsigned("preemptionCount", row => row.Cpu.PreemptionCount)
            .OnlyInData()
            .Text("interrupts", row => row.TakesInterrupts is { } takes ? (takes ? "on" : "off") : null)
            .Unsigned("package", row => row.Cpu.Package)
            .Unsigned("core", row => row.Cpu.Core)
            .Unsigned("apic", row => row.Cpu.ApicId)
            .OnlyInData()
            .Text("mhz", row => (row.Cpu.Frequency / 1000.0)?.ToString("0.000", CultureInfo.InvariantCulture))
            .OnlyInText()
            .Unsigned("khz", row => row.Cpu.Frequency)
            .OnlyInData()
            .Text("vendor", row => row.Cpu.Vendor)
            .OnlyInData()
            .Text("model", row => row.Cpu.Model)
            .Text("version", row => row.Cpu.Version)
            .OnlyInData()
            .Address("microcode", row => row.Cpu.Microcode)
            .OnlyInData();

    private string State =>
        !Cpu.IsOnline
            ? "offline"
            : Cpu.IsIdle switch
            {
                true => "idle",
                false => "busy",
                _ => "online",
            };

    /// <summary>Lists the CPUs. A live guest is not paused.</summary>
    /// <exception cref="TargetException">The system has no such ability, or its kernel is not known.</exception>
    public static GuestList<CpuStateRow> Ask(GuestSession session, QuestionContext context)
    {
        var os = session.RequireAbility<IGuestCpus>("what its CPUs do is not known here");
        GuestThreadList threads = session.ListThreads(context.Cancellation);
        GuestList<GuestCpuState> cpus = os.ReadCpus(session.Kernel, threads, context.Cancellation);
        return new GuestList<CpuStateRow>(
            [.. cpus.Items.Select(cpu => new CpuStateRow(cpu, FindInterrupts(session, cpu)))],
            cpus.Defects
        );
    }

    private static bool? FindInterrupts(GuestSession session, GuestCpuState cpu) =>
        cpu.Thread is { } thread
        && session.FindVcpu(thread)?.TryReadRegisters() is { } registers
        && registers.TryGet(X64Register.Rflags, out ulong flags)
            ? (flags & InterruptFlag) != 0
            : null;
}
