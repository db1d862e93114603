using Osprey.Symbols;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Target.Backends.Processes;

/// <summary>A process of this host.</summary>
internal sealed class RunningProcess : IReadableProcess, IProgramFacts
{
    private readonly string _startTime;
    private readonly string _name;

    private RunningProcess(int processId, string name, string startTime)
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
        ReadStat(processId) is { } stat
            ? new RunningProcess(processId, stat.Name, stat.StartTime)
            : throw new TargetException(TargetProblem.NoSuchProgram, $"there is no process {processId}");

    public bool IsAlive() => ReadStat(ProcessId)?.StartTime == _startTime;

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

    private static (string Name, string StartTime)? ReadStat(int processId)
    {
        try
        {
            // The name may hold spaces and parentheses. Field 22 is the start time; the state is 3; Z is a zombie.
            string stat = File.ReadAllText($"/proc/{processId}/stat");
            int open = stat.IndexOf('(', StringComparison.Ordinal);
            int close = stat.LastIndexOf(')');
            string[] rest = close < 0 ? [] : stat[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return open < 0 || rest.Length < 20 || rest[0] is "Z" or "X" ? null : (stat[(open + 1)..close], rest[19]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
