using System.Globalization;
using Osprey.Target.Backends.Processes;

namespace Osprey.Target.Backends.Sockets;

/// <summary>The process that has a socket.</summary>
/// <param name="ProcessId">Its process id.</param>
/// <param name="Program">Its short name, such as "gdb".</param>
internal sealed record SocketHolder(int ProcessId, string Program)
{
    private const int MaxDescriptors = 1 << 20;

    /// <inheritdoc/>
    public override string ToString() => $"{Program} (pid {ProcessId})";

    /// <summary>Finds who has a socket open.</summary>
    /// <param name="inode">The socket.</param>
    /// <param name="isMeant">Tells the processes to look at by their ids; null for all.</param>
    /// <returns>Null when nobody is found, as among another user's processes.</returns>
    public static SocketHolder? Find(ulong inode, Func<int, bool>? isMeant = null)
    {
        if (inode == 0)
            return null;

        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && (isMeant is null || isMeant(id))
                && Has(id, inode)
            )
                return new SocketHolder(id, ReadProgram(id));
        }

        return null;
    }

    /// <summary>Tells whether a process has a socket open, as far as this user may see it.</summary>
    public static bool Has(int processId, ulong inode)
    {
        try
        {
            return Directory
                .EnumerateFileSystemEntries($"/proc/{processId}/fd")
                .Take(MaxDescriptors)
                .Any(descriptor => SocketInode.Read(descriptor) == inode);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // It ended, or is another user's.
        }
    }

    private static string ReadProgram(int processId)
    {
        try
        {
            return ProcFile.ReadText($"/proc/{processId}/comm").TrimEnd('\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "a program";
        }
    }
}
