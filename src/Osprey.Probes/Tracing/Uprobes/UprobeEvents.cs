using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Osprey.Probes.Processes;

namespace Osprey.Probes.Tracing.Uprobes;

// Events of uprobes are defined by lines that are written to a file of tracefs, and stay until they are removed, also
// when who defined them is gone. They do nothing by themselves: the breakpoint is in a process only while somebody has
// the event open. A group of ours has our process in its name, so that the next start can tell those that were left.

/// <summary>The definitions of events for one run.</summary>
internal sealed class UprobeEvents : IDisposable
{
    private const string Prefix = "osprey_";

    private static readonly string[] s_folders = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

    private readonly string _folder;
    private readonly string _group;
    private readonly List<string> _names = [];

    private UprobeEvents(string folder, string group)
    {
        _folder = folder;
        _group = group;
    }

    /// <summary>Begins a group of events.</summary>
    /// <exception cref="ProbeException">There is no tracefs, or it is not for this user.</exception>
    public static UprobeEvents Begin()
    {
        string? folder = s_folders.FirstOrDefault(path => File.Exists(path + "/uprobe_events"));
        if (folder is null)
            throw new ProbeException("the kernel has no uprobe events here, or tracefs is not for this user");

        TracedProcess self = TracedProcess.Find(Environment.ProcessId);
        var events = new UprobeEvents(
            folder,
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}{self.ProcessId}_{self.StartTime}")
        );
        events.RemoveLeft();
        return events;
    }

    /// <summary>Defines an event.</summary>
    /// <param name="file">The file that has the site, as the kernel finds it.</param>
    /// <param name="offset">The site's offset in it.</param>
    /// <param name="semaphore">The semaphore's offset; null for none.</param>
    /// <param name="fetches">What to fetch, each with its name in front and its type behind.</param>
    /// <returns>The event's number and where each of the fetched is in a record.</returns>
    /// <exception cref="ProbeException">The kernel refuses it.</exception>
    public UprobeFormat Define(string file, ulong offset, ulong? semaphore, IReadOnlyList<string> fetches)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"p{_names.Count}");
        string counter = semaphore is { } place ? string.Create(CultureInfo.InvariantCulture, $"(0x{place:x})") : "";
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"p:{_group}/{name} {file}:0x{offset:x}{counter} {string.Join(' ', fetches)}\n"
        );
        Write(line);
        _names.Add(name);
        string place2 = $"{_folder}/events/{_group}/{name}";
        try
        {
            int id = int.Parse(File.ReadAllText($"{place2}/id"), CultureInfo.InvariantCulture);
            return UprobeFormat.Read(id, File.ReadAllText($"{place2}/format"));
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            throw new ProbeException($"the kernel's event for {file} can't be read: {exception.Message}", exception);
        }
    }

    /// <summary>Removes the events.</summary>
    public void Dispose()
    {
        foreach (string name in _names)
            TryRemove($"{_group}/{name}");

        _names.Clear();
    }

    /// <summary>Removes the events of runs that were killed.</summary>
    private void RemoveLeft()
    {
        foreach (string line in File.ReadLines(_folder + "/uprobe_events").ToArray())
        {
            // "p:osprey_4711_1234/p0 /usr/lib/…"
            string name = line.Split(' ')[0];
            string[] parts = name[(name.IndexOf(':') + 1)..].Split('/')[0].Split('_');
            bool isLeft =
                name.Contains(":" + Prefix, StringComparison.Ordinal)
                && parts.Length == 3
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && ulong.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out ulong start)
                && !new TracedProcess(id, start).IsAlive;
            if (isLeft)
                TryRemove(name[(name.IndexOf(':') + 1)..]);
        }
    }

    private void TryRemove(string name)
    {
        try
        {
            Write($"-:{name}\n");
        }
        catch (ProbeException)
        {
            // In use for a moment longer: the next start removes it.
        }
    }

    private void Write(string line)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(
                _folder + "/uprobe_events",
                FileMode.Open,
                FileAccess.Write,
                FileShare.ReadWrite
            );
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(line), 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProbeException($"the kernel refuses '{line.TrimEnd()}': {exception.Message}", exception);
        }
    }
}
