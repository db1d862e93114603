using Osprey.Symbols;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Target.Backends.Processes;

/// <summary>A process of this host.</summary>
internal sealed class RunningProcess : IReadableProcess, IProgramFacts
{
    private readonly ulong _startTime;
    private readonly string _name;

    private RunningProcess(int processId, string name, ulong startTime)
    {
        ProcessId = processId;
        _name = name;
        _startTime = startTime;
    }

    public int ProcessId { get; }

    public string Description => $"process {ProcessId} ({_name})";

    public string EndedMessage => $"{Description} ended";

    public TargetProblem NotPermitted => TargetProblem.ProcessNotPermitted;

    public string? NamesProblem { get; private set; }

    public bool? IsRunning => IsAlive();

    /// <summary>Finds a process.</summary>
    /// <exception cref="TargetException">There is none of that number.</exception>
    public static RunningProcess Find(int processId) =>
        ProcessStat.TryRead(processId) is { HasEnded: false } stat
            ? new RunningProcess(processId, stat.Name, stat.StartTime)
            : throw new TargetException(TargetProblem.NoSuchProgram, $"there is no process {processId}");

    public bool IsAlive() => ProcessStat.IsAlive(ProcessId, _startTime);

    public IReadOnlyList<ProgramMapping> ReadMappings()
    {
        try
        {
            return
            [
                .. ProcessMapping
                    .ReadAll(ProcessId)
                    .Select(row => new ProgramMapping(row.Start, row.End, row.IsReadable, row.IsExecutable, row.Path)),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw IsAlive()
                ? new TargetException(
                    NotPermitted,
                    $"the memory of {Description} can't be read: not permitted",
                    exception
                )
                : new TargetException(TargetProblem.GuestEnded, EndedMessage, exception);
        }
    }

    public IReadOnlyList<TableSymbol> ReadCodeNames()
    {
        IReadOnlyList<TableSymbol> names = PerfMap.Read(ProcessId, out string? problem);
        NamesProblem = problem is null ? null : $"compiled code of {Description} has no names: {problem}";
        return names;
    }
}
