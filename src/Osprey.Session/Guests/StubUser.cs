using System.Globalization;
using Osprey.Session.Guests.Programs;
using Osprey.Target;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Session.Guests;

/// <summary>
/// Tells who is connected to the gdb stub of a QEMU of this host, by the kernel's table of connections.
/// </summary>
public static class StubUser
{
    private const int MaxRows = 100_000;
    private const string Established = "01";

    /// <summary>
    /// Finds the program that is connected to a QEMU's stub: its name and number, or its address where it is on another
    /// host; null when none is, or that can't be seen, as for a Unix socket.
    /// </summary>
    public static string? Find(QemuProcess process)
    {
        if (StubOwner.FindStub(process) is not { } stub)
            return null;

        GdbEndpoint endpoint;
        try
        {
            endpoint = GdbEndpoint.Parse(stub);
        }
        catch (TargetException)
        {
            return null;
        }

        return endpoint.Path is null ? Find(endpoint.Port) : null;
    }

    private static string? Find(int port)
    {
        List<(string Local, string Remote, string State, string Inode)> rows =
        [
            .. ReadRows("/proc/net/tcp"),
            .. ReadRows("/proc/net/tcp6"),
        ];
        string suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        foreach ((string local, string remote, string state, _) in rows)
        {
            if (state != Established || !local.EndsWith(suffix, StringComparison.Ordinal))
                continue;

            string? inode = rows.Where(row => row.Local == remote && row.Remote == local)
                .Select(row => row.Inode)
                .FirstOrDefault();
            return (inode is null ? null : FindOwner(inode)) ?? "a program of another host or user";
        }

        return null;
    }

    private static IEnumerable<(string, string, string, string)> ReadRows(string path)
    {
        IEnumerable<string> lines;
        try
        {
            lines = [.. File.ReadLines(path).Skip(1).Take(MaxRows)];
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            yield break;
        }

        foreach (string line in lines)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 9)
                yield return (words[1], words[2], words[3], words[9]);
        }
    }

    private static string? FindOwner(string inode)
    {
        string wanted = $"socket:[{inode}]";
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            string number = Path.GetFileName(folder);
            if (!char.IsAsciiDigit(number[0]))
                continue;

            try
            {
                if (Directory.EnumerateFiles($"{folder}/fd").Any(file => new FileInfo(file).LinkTarget == wanted))
                    return $"{File.ReadAllText($"{folder}/comm").Trim()}, pid {number}";
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                // It ended, or is another user's.
            }
        }

        return null;
    }
}
