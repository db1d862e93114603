using System.Globalization;

namespace Osprey.Target.Backends.Sockets;

/// <summary>Tells whether a process is stopped, as by SIGSTOP: it answers nobody until it is continued.</summary>
internal static class StoppedProcess
{
    /// <summary>Finds a stopped process that has a socket open; null when there is none.</summary>
    public static SocketHolder? FindOwner(ulong inode) => SocketHolder.Find(inode, Is);

    /// <summary>Asks /proc/PID/stat for the process's state; false when it ended, or can't be seen.</summary>
    public static bool Is(int processId)
    {
        try
        {
            string text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            int end = text.LastIndexOf(')');
            return end >= 0 && end + 2 < text.Length && text[end + 2] is 'T' or 't';
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
