using Osprey.Target.Architectures;
using Osprey.Target.Memory;

namespace Osprey.Target;

/// <summary>A guest machine that was reached in one of the ways there are: its physical memory and its vCPUs.</summary>
/// <remarks>
/// Used from one thread at a time, except for <see cref="Leave"/>. Nothing is written to the guest, and nothing stops it
/// or lets it run but <see cref="Pause"/>, unless the user allowed it.
/// </remarks>
public abstract class GuestTarget : IDisposable
{
    /// <summary>The guest and the way to it in a few words, such as "qemu pid 4711".</summary>
    public abstract string Name { get; }

    /// <summary>What state the guest is in while it is read.</summary>
    public abstract TargetAccess Access { get; }

    /// <summary>The architecture of its vCPUs.</summary>
    public abstract Architecture Architecture { get; }

    /// <summary>Its physical memory.</summary>
    public abstract IPhysicalMemory Memory { get; }

    /// <summary>Says when the guest may have run since something was read.</summary>
    public StopGeneration Generation => Memory.Generation;

    /// <summary>How much RAM it was given, in bytes: what its blocks hold, where nobody says.</summary>
    public virtual ulong RamSize
    {
        get
        {
            // Firmware makes parts of RAM read-only; they have the name of the rest.
            HashSet<string> names =
            [
                .. Memory.Blocks.Where(block => block.Kind == MemoryBlockKind.Ram).Select(block => block.Name),
            ];
            ulong size = 0;
            foreach (MemoryBlock block in Memory.Blocks)
                size = unchecked(
                    size + (block.Kind == MemoryBlockKind.Rom && !names.Contains(block.Name) ? 0 : block.Size)
                );

            return size;
        }
    }

    /// <summary>How many vCPUs it has.</summary>
    public abstract int CpuCount { get; }

    /// <summary>How long the guest stood still on our behalf so far; zero for one that was found paused.</summary>
    public virtual TimeSpan PausedFor => TimeSpan.Zero;

    /// <summary>What the user should know of the way to this guest, such as blocks that could not be reached.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>
    /// Reads what a vCPU's registers hold, without pausing it: of a running one, not all of the same moment.
    /// </summary>
    /// <param name="cpu">The vCPU's number from 0.</param>
    /// <exception cref="TargetException">They can't be had; the message says why.</exception>
    public abstract RegisterSet ReadRegisters(int cpu);

    /// <summary>
    /// Reads the registers of several vCPUs; where the way to the guest allows it, in fewer questions than one each.
    /// </summary>
    /// <param name="cpus">Their numbers from 0.</param>
    /// <returns>In the order of <paramref name="cpus"/>.</returns>
    /// <exception cref="TargetException">They can't be had; the message says why.</exception>
    public virtual IReadOnlyList<RegisterSet> ReadRegisters(IReadOnlyList<int> cpus) => [.. cpus.Select(ReadRegisters)];

    /// <summary>
    /// Keeps the guest's vCPUs still until the result is disposed. Does nothing where they are still anyway.
    /// </summary>
    /// <exception cref="TargetException">It can't be paused.</exception>
    public virtual IDisposable Pause() => NoPause.Instance;

    /// <summary>
    /// Makes all that was read so far old, in every cache: for a newer look at a guest that runs. Who lets the guest run
    /// does this by itself.
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

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

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
