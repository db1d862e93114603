using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Guests.Stacks;

/// <summary>Reads the stacks of a guest's vCPUs, all at one moment.</summary>
/// <param name="session">The guest.</param>
public sealed class GuestStacks(GuestSession session)
{
    /// <summary>The stacks of some vCPUs.</summary>
    /// <param name="cpus">Their numbers from 0.</param>
    /// <param name="options">How far to go.</param>
    /// <param name="pauses">Whether a live guest is paused meanwhile; otherwise a stack may change while it is walked.</param>
    /// <exception cref="TargetException">Registers can't be had, or the guest can't be paused.</exception>
    public IReadOnlyList<CpuStack> Read(IReadOnlyList<int> cpus, UnwinderOptions options, bool pauses)
    {
        var modules = new UnwindModuleList(session.Programs.Modules.Select(module => module.Unwind));
        if (!pauses || session.Target.Access != TargetAccess.Live)
            return Walk(cpus, options, modules);

        // Once without a pause, so that whatever is slow the first time is over when the guest stands still.
        Walk(cpus, options, modules);
        using (session.Target.Pause())
        {
            session.Refresh();
            return Walk(cpus, options, modules);
        }
    }

    private CpuStack[] Walk(IReadOnlyList<int> cpus, UnwinderOptions options, UnwindModuleList modules)
    {
        var stacks = new CpuStack[cpus.Count];
        for (int i = 0; i < stacks.Length; i++)
        {
            RegisterSet registers = session.Target.ReadRegisters(cpus[i]);
            stacks[i] = new CpuStack(cpus[i], registers, new Unwinder(modules, GetMemory(registers), options).Unwind(registers));
        }

        return stacks;
    }

    /// <summary>Each vCPU has page tables of its own.</summary>
    private VirtualMemory GetMemory(RegisterSet registers) => X64Paging.FromRegisters(registers) is { } paging && paging != session.Space.Paging
        ? new VirtualMemory(session.Physical, new PageTableWalker(session.Physical, paging))
        : session.Virtual;
}
