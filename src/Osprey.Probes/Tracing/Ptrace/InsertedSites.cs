using System.Buffers.Binary;
using Osprey.Probes.Processes;

namespace Osprey.Probes.Tracing.Ptrace;

/// <summary>Breakpoints in the place of NOPs, and semaphores that are raised, in one process.</summary>
internal sealed class InsertedSites
{
    /// <summary>The instruction of a site.</summary>
    public const byte Nop = 0x90;

    /// <summary>The instruction of a breakpoint.</summary>
    public const byte Breakpoint = 0xcc;

    private readonly ProcessMemory _memory;
    private readonly HashSet<ulong> _sites = [];
    private readonly HashSet<ulong> _semaphores = [];

    public InsertedSites(ProcessMemory memory, IEnumerable<ulong> sites, IEnumerable<ulong> semaphores)
    {
        _memory = memory;
        _sites.UnionWith(sites);
        _semaphores.UnionWith(semaphores);
    }

    /// <summary>True while the breakpoints are in.</summary>
    public bool AreIn { get; private set; }

    /// <summary>Run-time addresses of the sites.</summary>
    public IReadOnlyCollection<ulong> Sites => _sites;

    /// <summary>Run-time addresses of the semaphores.</summary>
    public IReadOnlyCollection<ulong> Semaphores => _semaphores;

    /// <summary>Reads the byte at a site; null when there is no memory.</summary>
    public static byte? ReadByte(ProcessMemory memory, ulong address)
    {
        Span<byte> found = stackalloc byte[1];
        return memory.Read(address, found) == 1 ? found[0] : null;
    }

    /// <summary>Puts the breakpoints in, then raises the semaphores.</summary>
    /// <exception cref="ProbeException">The code can't be written; what was is undone.</exception>
    public void Insert()
    {
        AreIn = true;
        foreach (ulong site in _sites)
        {
            if (_memory.TryWrite(site, [Breakpoint]))
                continue;

            Remove();
            throw new ProbeException($"the code at 0x{site:x} can't be written");
        }

        foreach (ulong semaphore in _semaphores)
            Change(_memory, semaphore, 1);
    }

    /// <summary>Lowers the semaphores and takes the breakpoints out.</summary>
    public void Remove()
    {
        if (!AreIn)
            return;

        foreach (ulong semaphore in _semaphores)
            Change(_memory, semaphore, -1);

        foreach (ulong site in _sites)
            RemoveBreakpoint(_memory, site);

        AreIn = false;
    }

    /// <summary>Puts a new process right, which began as a copy of the traced one.</summary>
    public void Clean(int processId)
    {
        using ProcessMemory child = ProcessMemory.Open(processId, isWritable: true);
        foreach (ulong site in _sites)
            RemoveBreakpoint(child, site);

        foreach (ulong semaphore in _semaphores)
        {
            // What is there without us: the parent's count, less ours while that is in it.
            if (ReadCount(_memory, semaphore) is not { } own || ReadCount(child, semaphore) is not { } copied)
                continue;

            int without = own - (AreIn ? 1 : 0);
            if (copied == without + 1)
                Change(child, semaphore, -1);
        }
    }

    /// <summary>Puts the NOP back where a breakpoint is.</summary>
    public static bool RemoveBreakpoint(ProcessMemory memory, ulong site) =>
        ReadByte(memory, site) == Breakpoint && memory.TryWrite(site, [Nop]);

    /// <summary>Raises or lowers a semaphore, within its bounds.</summary>
    public static bool Change(ProcessMemory memory, ulong semaphore, int by)
    {
        if (ReadCount(memory, semaphore) is not { } count || count + by is < 0 or > ushort.MaxValue)
            return false;

        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(count + by));
        return memory.TryWrite(semaphore, bytes);
    }

    private static ushort? ReadCount(ProcessMemory memory, ulong semaphore)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        return memory.Read(semaphore, bytes) == bytes.Length ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : null;
    }
}
