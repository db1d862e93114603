using System.Globalization;
using System.Net.Sockets;

namespace Osprey.Target.Backends.Sockets;

/// <summary>The number by which the kernel's tables name a socket.</summary>
internal static class SocketInode
{
    /// <summary>Finds that of a socket of this process; null where /proc does not tell.</summary>
    public static ulong? Find(Socket socket) => Read($"/proc/self/fd/{socket.Handle}");

    /// <summary>Reads where a descriptor in /proc leads to; null when that is no socket, or not to be seen.</summary>
    public static ulong? Read(string descriptor)
    {
        try
        {
            string? target = new FileInfo(descriptor).LinkTarget;
            return
                target?.StartsWith("socket:[", StringComparison.Ordinal) == true
                && ulong.TryParse(target.AsSpan(8).TrimEnd(']'), CultureInfo.InvariantCulture, out ulong inode)
                ? inode
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
