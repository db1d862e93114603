using Osprey.Guests;
using Osprey.Guests.Processes;
using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Guests.Stacks;

/// <summary>
/// Follows the stacks of threads on in their programs, from the registers that they had when they entered the kernel.
/// </summary>
/// <remarks>
/// Where the program's file is on this host, or in the guest's memory, its call frame information leads to the callers;
/// elsewhere frame pointers do, which many programs do not have.
/// </remarks>
/// <param name="session">The guest.</param>
internal sealed class UserStacks(GuestSession session) : IDisposable
{
    private const ulong UserHalfEnd = 1UL << 63;

    private readonly Dictionary<ulong, UserPrograms> _programs = [];

    /// <summary>Reads a thread's.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="options">The limits of the walk.</param>
    /// <returns>Null when it is a thread of the kernel, or in no system call, interrupt or exception.</returns>
    /// <exception cref="TargetException">The thread ended, or the system has no processes.</exception>
    public UserStack? Read(GuestThreadState thread, UnwinderOptions options)
    {
        IGuestProcesses processes = session.RequireAbility<IGuestProcesses>(
            "it has no processes with stacks of their own"
        );
        if (thread.IsKernel == true || thread.ProcessId is not { } process)
            return null;

        RegisterSet? running = FindOnCpu(thread);
        if ((running ?? processes.FindUserRegisters(session.Kernel, thread)) is not { } registers)
            return null;

        VirtualMemory memory = session.GetProcess(thread).Memory;
        if (!_programs.TryGetValue(process, out UserPrograms? programs))
        {
            GuestList<GuestProcessMapping> maps = processes.ReadMaps(session.Kernel, thread, CancellationToken.None);
            programs = UserPrograms.Find(
                maps.Items,
                memory,
                mapping => processes.OpenMappedFile(session.Kernel, mapping),
                session.SearchFolders,
                session.Programs.Options
            );
            _programs.Add(process, programs);
        }

        Backtrace backtrace = programs.Unwind(registers, memory, options);
        return new UserStack(
            backtrace with
            {
                Notes = [.. backtrace.Notes, .. programs.Notes],
            },
            programs.Name(backtrace)
        )
        {
            IsWhole = running is not null,
        };
    }

    /// <summary>A vCPU that runs the program has the registers itself; null when none does.</summary>
    private RegisterSet? FindOnCpu(GuestThreadState thread) =>
        session.FindVcpu(thread)?.TryReadRegisters() is { ProgramCounter: < UserHalfEnd } running ? running : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (UserPrograms programs in _programs.Values)
            programs.Dispose();
    }
}
