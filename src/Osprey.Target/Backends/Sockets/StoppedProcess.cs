using Osprey.Target.Backends.Processes;

namespace Osprey.Target.Backends.Sockets;

/// <summary>Tells whether a process is stopped, as by SIGSTOP: it answers nobody until it is continued.</summary>
internal static class StoppedProcess
{
    /// <summary>Finds a stopped process that has a socket open; null when there is none.</summary>
    public static SocketHolder? FindOwner(ulong inode) => SocketHolder.Find(inode, Is);

    /// <summary>Asks /proc/PID/stat for the process's state; false when it ended, or can't be seen.</summary>
    public static bool Is(int processId) => ProcessStat.TryRead(processId) is { IsStopped: true };
}
