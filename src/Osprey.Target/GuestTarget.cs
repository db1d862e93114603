using System.Diagnostics.CodeAnalysis;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Processes;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Execution;
using Osprey.Target.Memory;

namespace Osprey.Target;

/// <summary>A guest machine that was reached in one of the ways there are: its physical memory and its vCPUs.</summary>
/// <remarks>
/// Used from one thread at a time, except for <see cref="Leave"/>. Nothing is written to the guest unless the user
/// allowed it, and nothing stops it or lets it run but <see cref="Pause"/>.
/// </remarks>
public abstract class GuestTarget : IDisposable
{
    /// <summary>The guest and the way to it in a few words, such as "qemu pid 4711".</summary>
    public abstract string Name { get; }

    /// <summary>The state of the guest while it is read.</summary>
    public abstract TargetAccess Access { get; }

    /// <summary>The architecture of its vCPUs.</summary>
    public abstract Architecture Architecture { get; }

    /// <summary>Its physical memory.</summary>
    public abstract IPhysicalMemory Memory { get; }

    /// <summary>Says when the guest may have run since something was read.</summary>
    public StopGeneration Generation => Memory.Generation;

    /// <summary>The size of its RAM in bytes: that of its blocks, where nobody says.</summary>
    public virtual ulong RamSize
    {
        get
        {
            // Firmware makes parts of RAM read-only; they have the name of the rest.
            HashSet<string> names =
            [
                .. Memory.Blocks.Where(block => block.Kind == MemoryBlockKind.Ram).Select(block => block.Name),
            ];
            bool isPc = Architecture == X64Architecture.Instance;
            ulong size = isPc ? PcMemory.GetHidden(Memory.Blocks) : 0;
            foreach (MemoryBlock block in Memory.Blocks)
            {
                bool isRom = block.Kind == MemoryBlockKind.Rom && !names.Contains(block.Name);
                if (!isRom && !(isPc && PcMemory.IsOfDevice(block)))
                    size = unchecked(size + block.Size);
            }

            return size;
        }
    }

    /// <summary>The QEMU of this host whose RAM is read; null for another way to the guest.</summary>
    public virtual QemuTarget? Qemu => null;

    /// <summary>The facts of the process that is read in place of a guest; null for a guest.</summary>
    public virtual IProgramFacts? Program => null;

    /// <summary>The gdb stub that the guest is reached through; null for another way to it.</summary>
    public virtual GdbTarget? Stub => null;

    /// <summary>The things that the user allowed beyond reading when the guest was reached.</summary>
    public TargetPermissions Permissions { get; protected init; }

    /// <summary>The number of its vCPUs.</summary>
    public abstract int CpuCount { get; }

    /// <summary>The time that Osprey kept the guest still so far; zero for a guest that was found paused.</summary>
    public virtual TimeSpan PausedFor => TimeSpan.Zero;

    /// <summary>
    /// Things that the user should know of the way to this guest, such as blocks that could not be reached.
    /// </summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>
    /// The reason that this way to the guest lacks something, as where QEMU can't be asked; null when it lacks
    /// nothing. The message is one of the <see cref="Notes"/>.
    /// </summary>
    public virtual TargetException? Shortcoming => null;

    /// <summary>
    /// Reads what a vCPU's registers hold, without pausing it: of a running one, not all of the same moment.
    /// </summary>
    /// <param name="cpu">The vCPU's number from 0.</param>
    /// <exception cref="TargetException">They can't be read; the message gives the reason.</exception>
    public abstract RegisterSet ReadRegisters(int cpu);

    /// <summary>
    /// Reads the registers of several vCPUs; where the way to the guest allows it, in fewer questions than one each.
    /// </summary>
    /// <param name="cpus">Their numbers from 0.</param>
    /// <returns>In the order of <paramref name="cpus"/>.</returns>
    /// <exception cref="TargetException">They can't be read; the message gives the reason.</exception>
    public virtual IReadOnlyList<RegisterSet> ReadRegisters(IReadOnlyList<int> cpus) => [.. cpus.Select(ReadRegisters)];

    /// <summary>Asks for an ability: <see cref="IExecutionControl"/> or <see cref="IMemoryWriter"/>.</summary>
    /// <returns>False when this way to the guest does not have it, or the user did not allow it.</returns>
    public bool TryGet<T>([NotNullWhen(true)] out T? ability)
        where T : class
    {
        ability = FindProblem<T>() is null ? FindAbility<T>() : null;
        return ability is not null;
    }

    /// <summary>Gets an ability.</summary>
    /// <exception cref="TargetException">
    /// It is not there: <see cref="FindProblem"/> gives the reason as a value, the message in words.
    /// </exception>
    public T Require<T>()
        where T : class
    {
        if (TryGet(out T? ability))
            return ability;

        string what =
            typeof(T) == typeof(IMemoryWriter) ? "its memory can't be written"
            : typeof(T) == typeof(IRegisterWriter) ? "its registers can't be written"
            : "it can't be steered";
        bool isForbidden = FindProblem<T>() == AbilityProblem.NotAllowed;
        string reason = isForbidden
            ? "that was not allowed when it was reached"
            : "this way to a guest does not have that";
        throw new TargetException(
            isForbidden ? TargetProblem.NotAllowed : TargetProblem.NotSupported,
            $"{Name}: {what}: {reason}"
        );
    }

    /// <summary>Says why an ability is not there; null when it is.</summary>
    public AbilityProblem? FindProblem<T>()
        where T : class
    {
        TargetPermissions needed =
            typeof(T) == typeof(IMemoryWriter) || typeof(T) == typeof(IRegisterWriter)
                ? TargetPermissions.Write
                : TargetPermissions.Execute;
        return FindAbility<T>() is null ? AbilityProblem.NotSupported
            : (Permissions & needed) != needed ? AbilityProblem.NotAllowed
            : null;
    }

    /// <summary>
    /// Keeps the guest's vCPUs still until the result is disposed. Does nothing where they are still anyway.
    /// </summary>
    /// <exception cref="TargetException">It can't be paused.</exception>
    public virtual IDisposable Pause() => NoPause.Instance;

    /// <summary>
    /// Makes all that was read so far old, in every cache: for a newer look at a guest that runs. Whatever lets the
    /// guest run here does this by itself.
    /// </summary>
    public void Refresh() => Generation.Advance();

    /// <summary>
    /// Leaves the guest as it was found: what was paused runs on. It can't be used any more after that, except that it
    /// is still to be disposed.
    /// </summary>
    /// <remarks>
    /// May be called from any thread at any time, also in the middle of a read, which then fails. It is for front ends,
    /// when a signal or anything else ends the process; nothing here hooks such events itself.
    /// </remarks>
    public virtual void Leave() { }

    /// <summary>
    /// Says how <see cref="Leave"/> is to leave the guest, where that is not as it was found. Does nothing where it can
    /// neither be stopped nor let run.
    /// </summary>
    /// <param name="runs">Whether it is to run.</param>
    public virtual void LeaveAs(bool runs) { }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Finds an ability that this way to a guest has, allowed or not; null when it does not have it.</summary>
    protected virtual T? FindAbility<T>()
        where T : class => null;

    /// <summary>Lets go of the guest, and leaves it as it was found.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            Leave();
    }

    private sealed class NoPause : IDisposable
    {
        public static NoPause Instance { get; } = new();

        public void Dispose() { }
    }
}
