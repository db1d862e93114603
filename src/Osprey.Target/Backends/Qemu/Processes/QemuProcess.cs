using System.Globalization;
using Osprey.Target.Backends.Processes;

namespace Osprey.Target.Backends.Qemu.Processes;

/// <summary>A QEMU of this host, as /proc shows it.</summary>
/// <param name="ProcessId">Its process id.</param>
/// <param name="StartTime">
/// Clock ticks from the host's boot to its start; tells it from another with the same id.
/// </param>
/// <param name="CommandLine">What it was started with.</param>
public sealed record QemuProcess(int ProcessId, ulong StartTime, QemuCommandLine CommandLine) : IReadableProcess
{
    private const int MaxCommandLineSize = 1 << 20;

    string IReadableProcess.Description => $"qemu pid {ProcessId}";

    string IReadableProcess.EndedMessage => $"the guest ended: qemu pid {ProcessId} does not run any more";

    TargetProblem IReadableProcess.NotPermitted => TargetProblem.MemoryNotPermitted;

    /// <summary>The guest's name, or its process id where it has none.</summary>
    public string DisplayName => CommandLine.GuestName ?? $"pid {ProcessId}";

    /// <summary>
    /// All of this host that run x86-64 guests, lowest process id first. Those that end meanwhile are left out.
    /// </summary>
    public static IReadOnlyList<QemuProcess> FindAll()
    {
        var found = new List<QemuProcess>();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && TryRead(id) is { } process
            )
                found.Add(process);
        }

        found.Sort((a, b) => a.ProcessId.CompareTo(b.ProcessId));
        return found;
    }

    /// <summary>The QEMU with a process id; null when there is no such process or it is something else.</summary>
    public static QemuProcess? TryRead(int processId)
    {
        try
        {
            // The short name holds 15 bytes: "qemu-system-x86", or "qemu-kvm" of some distributions.
            string name = ProcFile.ReadText($"/proc/{processId}/comm").TrimEnd('\n');
            if (
                !name.StartsWith("qemu-system-x86", StringComparison.Ordinal)
                && name is not ("qemu-kvm" or "kvm")
                && !IsRenamedQemu(processId, name)
            )
                return null;

            string[] arguments = ReadArguments(processId);
            return arguments.Length == 0 || ReadStartTime(processId) is not { } start
                ? null
                : new QemuProcess(
                    processId,
                    start,
                    QemuCommandLine.Parse(arguments, path => ReadFile(ResolvePath(processId, path)))
                );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Tells whether the process still runs.</summary>
    public bool IsAlive()
    {
        try
        {
            return ReadStartTime(ProcessId) == StartTime;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>A path on its command line, as this process can open it.</summary>
    public string ResolvePath(string path) => ResolvePath(ProcessId, path);

    private static string ResolvePath(int processId, string path)
    {
        string absolute = path;
        if (!Path.IsPathRooted(path))
        {
            string? directory = new FileInfo($"/proc/{processId}/cwd").LinkTarget;
            absolute = Path.Combine(directory ?? "/", path);
        }

        // In a container, the same name means another file.
        string inside = $"/proc/{processId}/root{absolute}";
        return !File.Exists(absolute) && File.Exists(inside) ? inside : absolute;
    }

    /// <summary>
    /// With -name debug-threads=on or process=NAME, QEMU changes its short name; the program that it runs stays.
    /// </summary>
    private static bool IsRenamedQemu(int processId, string name) =>
        name.Length is > 0 and <= 15
        && new FileInfo($"/proc/{processId}/exe").LinkTarget is { } program
        && Path.GetFileName(program).StartsWith("qemu-system-x86_64", StringComparison.Ordinal);

    /// <summary>Reads a file that QEMU was told to read; null when that can't be.</summary>
    private static string? ReadFile(string path)
    {
        try
        {
            // Pipes and devices have no size: to open one may take for ever.
            return new FileInfo(path) is { Exists: true, Length: > 0 and <= MaxCommandLineSize }
                ? File.ReadAllText(path)
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] ReadArguments(int processId)
    {
        string text = ProcFile.ReadText($"/proc/{processId}/cmdline", MaxCommandLineSize).TrimEnd('\0');
        return text.Length == 0 ? [] : text.Split('\0');
    }

    private static ulong? ReadStartTime(int processId) =>
        ProcessStat.Read(processId) is { HasEnded: false } stat ? stat.StartTime : null;
}
