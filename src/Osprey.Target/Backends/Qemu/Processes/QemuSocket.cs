using System.Globalization;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Target.Backends.Qemu.Processes;

/// <summary>A socket that QEMU listens on: by address, or one that it was handed when it was started.</summary>
/// <param name="Endpoint">Its address, a path as on the command line; null for one that was handed over.</param>
/// <param name="FileDescriptor">The descriptor that was handed over; null for an address.</param>
public sealed record QemuSocket(QmpEndpoint? Endpoint, int? FileDescriptor)
{
    /// <summary>Finds the place that a process can connect to.</summary>
    /// <returns>Null when the socket was handed over and has no name.</returns>
    public QmpEndpoint? Resolve(QemuProcess process)
    {
        if (FileDescriptor is int descriptor)
            return FindUnixPath(process.ProcessId, descriptor) is { } path
                ? QmpEndpoint.Unix(process.ResolvePath(path))
                : null;

        return Endpoint?.UnixPath is { } name ? QmpEndpoint.Unix(process.ResolvePath(name)) : Endpoint;
    }

    /// <summary>
    /// Reads <c>unix:PATH</c>, <c>tcp:HOST:PORT</c>, <c>socket,path=PATH</c>, <c>socket,host=HOST,port=PORT</c> or
    /// <c>socket,fd=N</c>.
    /// </summary>
    internal static QemuSocket? TryParse(QemuOption option)
    {
        if (option["path"] is { } path)
            return new QemuSocket(QmpEndpoint.Unix(path), null);

        if (
            option["fd"] is { } text
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor)
        )
            return new QemuSocket(null, descriptor);

        QmpEndpoint? endpoint =
            option["port"] is { } port ? QmpEndpoint.TryParse($"tcp:{option["host"]}:{port}")
            : option.First is { } first && !first.StartsWith('/') ? QmpEndpoint.TryParse(first)
            : null;
        return endpoint is null ? null : new QemuSocket(endpoint, null);
    }

    /// <summary>The name of a listening socket that a process holds: its inode's row in /proc/net/unix.</summary>
    private static string? FindUnixPath(int processId, int descriptor)
    {
        try
        {
            string? target = new FileInfo($"/proc/{processId}/fd/{descriptor}").LinkTarget;
            if (target?.StartsWith("socket:[", StringComparison.Ordinal) != true)
                return null;

            string inode = target[8..^1];
            foreach (string row in File.ReadLines($"/proc/{processId}/net/unix"))
            {
                string[] fields = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 7 && fields[6] == inode)
                    return fields[7];
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's process: its descriptors are not for us to see.
        }

        return null;
    }
}
