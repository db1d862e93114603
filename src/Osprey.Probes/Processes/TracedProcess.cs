using System.Globalization;

namespace Osprey.Probes.Processes;

/// <summary>A process of this host, as /proc shows it.</summary>
/// <param name="ProcessId">Its process id.</param>
/// <param name="StartTime">
/// Clock ticks from the host's boot to its start; tells it from another with the same id.
/// </param>
public sealed record TracedProcess(int ProcessId, ulong StartTime)
{
    private const int MaxMappings = 1_000_000;

    /// <summary>Finds a process by its id.</summary>
    /// <exception cref="ProbeException">There is none.</exception>
    public static TracedProcess Find(int processId) =>
        ReadStartTime(processId) is { } start
            ? new TracedProcess(processId, start)
            : throw new ProbeException($"there is no process {processId}");

    /// <summary>Tells whether it still runs; a zombie does not.</summary>
    public bool IsAlive => ReadStartTime(ProcessId) == StartTime;

    /// <summary>The ids of its threads now; none when it has ended.</summary>
    public IReadOnlyList<int> ListThreads()
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateDirectories($"/proc/{ProcessId}/task")
                    .Select(path =>
                        int.TryParse(
                            Path.GetFileName(path),
                            NumberStyles.None,
                            CultureInfo.InvariantCulture,
                            out int id
                        )
                            ? id
                            : 0
                    )
                    .Where(id => id != 0)
                    .Order(),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Reads a thread's name; null when there is no such thread.</summary>
    public static string? ReadThreadName(int threadId)
    {
        try
        {
            return File.ReadAllText($"/proc/{threadId}/comm").TrimEnd('\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the parts of files that are mapped.</summary>
    /// <exception cref="ProbeException">They can't be read.</exception>
    public IReadOnlyList<ProcessMapping> ReadMappings()
    {
        try
        {
            return
            [
                .. File.ReadLines($"/proc/{ProcessId}/maps")
                    .Take(MaxMappings)
                    .Select(ProcessMapping.Parse)
                    .OfType<ProcessMapping>(),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProbeException(
                IsAlive
                    ? $"the mappings of process {ProcessId} can't be read: it belongs to another user"
                    : $"process {ProcessId} has ended"
            );
        }
    }

    /// <summary>The path by which this process can open a file that the process has mapped.</summary>
    public string ResolvePath(ProcessMapping mapping)
    {
        // The usual path is what names of symbols are kept under, and what the kernel's events take.
        bool isUsual =
            !mapping.IsDeleted
            && !mapping.Path.AsSpan().ContainsAny(' ', '\n', '\t')
            && new FileInfo($"/proc/{ProcessId}/root").LinkTarget == "/"
            && File.Exists(mapping.Path);
        if (isUsual)
            return mapping.Path;

        // The link in map_files is the very file, replaced or not, in a container or not; it takes privileges.
        string exact = string.Create(
            CultureInfo.InvariantCulture,
            $"/proc/{ProcessId}/map_files/{mapping.Start:x}-{mapping.End:x}"
        );
        if (File.Exists(exact))
            return exact;

        string inside = $"/proc/{ProcessId}/root{mapping.Path}";
        return File.Exists(inside) ? inside : mapping.Path;
    }

    private static ulong? ReadStartTime(int processId)
    {
        try
        {
            // The name, in parentheses, may hold anything; behind it the state is field 3 and the start field 22.
            string stat = File.ReadAllText($"/proc/{processId}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : ulong.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
