using System.Globalization;
using Osprey.Binary;
using Osprey.Probes;
using Osprey.Probes.Names;
using Osprey.Probes.Processes;
using Osprey.Session.Probes;

namespace Osprey.Session.Answers.Probes;

/// <summary>The probes of a file, of what a process has loaded, or of all that runs on this host.</summary>
public sealed class ProbeListing
{
    private readonly List<string> _defects = [];

    /// <summary>The reasons why probes may be missing.</summary>
    public IReadOnlyList<string> Defects => _defects;

    /// <summary>Lists the probes, sorted by file and name.</summary>
    /// <param name="place">A file, a process's id, or null for all files that run on this host.</param>
    /// <param name="pattern">The probes that are meant; null for all.</param>
    /// <param name="settings">Where names come from.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ProbeException">There is no such process, or it is another user's.</exception>
    /// <exception cref="IOException">A file that was named can't be read.</exception>
    /// <exception cref="BadDataException">A file that was named is malformed.</exception>
    public IEnumerable<ListedProbe> Ask(
        string? place,
        ProbePattern? pattern,
        ProbeNameSettings settings,
        CancellationToken cancellation
    )
    {
        if (place is null)
            return ListAll(pattern, settings, cancellation);

        return IsProcess(place, out int processId)
            ? ListProcess(TracedProcess.Find(processId), pattern, settings)
            : ListFile(place, pattern, settings);
    }

    /// <summary>Tells whether a text is the id of a process, and not the name of a file.</summary>
    public static bool IsProcess(string place, out int processId) =>
        int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out processId) && !File.Exists(place);

    private IEnumerable<ListedProbe> ListFile(string path, ProbePattern? pattern, ProbeNameSettings settings)
    {
        var file = ProbeFile.Open(path);
        if (file.Damage is { } damage)
            _defects.Add(damage.Message);

        ArgumentNameList names = settings.Open(null, out DebugInfoNames? debugInfo);
        using (debugInfo)
        {
            foreach (ListedProbe row in List(file, null, null, pattern, names))
                yield return row;
        }
    }

    private IEnumerable<ListedProbe> ListProcess(
        TracedProcess process,
        ProbePattern? pattern,
        ProbeNameSettings settings
    )
    {
        IReadOnlyList<LoadedProbes> loaded = LoadedProbes.Find(process, _defects);
        var paths = loaded.ToDictionary(item => item.File, item => item.OpenPath);
        ArgumentNameList names = settings.Open(file => paths[file], out DebugInfoNames? debugInfo);
        using (debugInfo)
        using (ProcessMemory memory = ProcessMemory.Open(process.ProcessId))
        {
            foreach (LoadedProbes item in loaded.OrderBy(item => item.File.Path, StringComparer.Ordinal))
            {
                foreach (ListedProbe row in List(item.File, item.Bias, memory, pattern, names))
                    yield return row;
            }
        }
    }

    /// <summary>Lists each file once that any process of this host runs, as far as this user may know.</summary>
    private static IEnumerable<ListedProbe> ListAll(
        ProbePattern? pattern,
        ProbeNameSettings settings,
        CancellationToken cancellation
    )
    {
        var files = new SortedDictionary<string, LoadedProbes>(StringComparer.Ordinal);
        var seen = new HashSet<(string, ulong)>();
        var ignored = new List<string>(); // what other users run is theirs
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                continue;

            try
            {
                foreach (LoadedProbes item in LoadedProbes.Find(TracedProcess.Find(id), ignored, seen))
                    files.TryAdd(item.File.Path, item);
            }
            catch (ProbeException)
            {
                // It ended, or belongs to another user.
            }
        }

        ArgumentNameList names = settings.Open(null, out DebugInfoNames? debugInfo);
        using (debugInfo)
        {
            foreach (LoadedProbes item in files.Values)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (ListedProbe row in List(item.File, null, null, pattern, names))
                    yield return row;
            }
        }
    }

    private static IEnumerable<ListedProbe> List(
        ProbeFile file,
        ulong? bias,
        ProcessMemory? memory,
        ProbePattern? pattern,
        ArgumentNameList names
    )
    {
        foreach (Probe probe in file.Probes)
        {
            if (pattern?.Matches(probe) == false)
                continue;

            ushort? value = null;
            if (bias is { } moved && memory is not null && probe.SemaphoreLinkAddress is { } semaphore)
                value = ReadSemaphore(memory, unchecked(semaphore + moved));

            yield return new ListedProbe(
                file,
                probe,
                bias,
                value,
                [.. probe.Sites.Select(site => names.Find(file, probe, site))]
            );
        }
    }

    private static ushort? ReadSemaphore(ProcessMemory memory, ulong address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        return memory.Read(address, bytes) == bytes.Length
            ? System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(bytes)
            : null;
    }
}
