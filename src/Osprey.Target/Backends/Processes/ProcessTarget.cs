using System.Globalization;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Processes;

/// <summary>
/// A running process of this host that is read as a guest is: its own addresses stand for physical ones. It is not
/// paused, and nothing is written to it.
/// </summary>
public sealed class ProcessTarget : GuestTarget
{
    private readonly RunningProcess _process;
    private readonly ProcessSpace _memory;

    private ProcessTarget(RunningProcess process)
    {
        _process = process;
        _memory = new ProcessSpace(process);
    }

    /// <inheritdoc/>
    public override string Name => _process.Description;

    /// <inheritdoc/>
    public override TargetAccess Access => TargetAccess.Live;

    /// <inheritdoc/>
    public override Architecture Architecture => KnownArchitectures.All[0];

    /// <inheritdoc/>
    public override IPhysicalMemory Memory => _memory;

    /// <inheritdoc/>
    public override int CpuCount => 0;

    /// <inheritdoc/>
    public override IProgramFacts Program => _process;

    /// <summary>The means by which memory is read, in the system's words.</summary>
    public string MemoryMethod => _memory.Method;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => _process.NamesProblem is { } problem ? [problem] : [];

    /// <summary>Reaches a process.</summary>
    /// <param name="processId">Its number, in decimal.</param>
    /// <exception cref="TargetException">There is none of that number.</exception>
    public static ProcessTarget Attach(string processId) =>
        int.TryParse(processId, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? new ProcessTarget(RunningProcess.Find(id))
            : throw new TargetException(TargetProblem.NoSuchProgram, $"'{processId}' is no process id");

    /// <inheritdoc/>
    public override RegisterSet ReadRegisters(int cpu) =>
        throw new TargetException(TargetProblem.NoRegisters, $"{Name} is no guest: it has no vCPUs");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _memory.Dispose();

        base.Dispose(disposing);
    }
}
