using System.Net;
using System.Net.Sockets;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Session.Guests.Programs;

/// <summary>Tells which QEMU of this host a gdb stub belongs to, and which stub a QEMU has.</summary>
internal static class StubOwner
{
    /// <summary>
    /// The process whose command line has the stub; null when none of these has, as for one on another host.
    /// </summary>
    /// <remarks>
    /// By words only: somebody else may listen there. What is found that way is held against the guest's memory.
    /// </remarks>
    public static QemuProcess? Find(GdbEndpoint stub, IEnumerable<QemuProcess> processes)
    {
        if (stub.Path is null && !IsThisHost(stub.Host!))
            return null;

        return processes.FirstOrDefault(process =>
            process.CommandLine.GdbSockets.Any(socket =>
                socket.Resolve(process) is { } endpoint && IsSame(stub, endpoint)
            )
        );
    }

    /// <summary>
    /// The place of the first stub that QEMU was told of, as <see cref="GdbEndpoint"/> reads it; null when it was told
    /// of none that can be connected to.
    /// </summary>
    public static string? FindStub(QemuProcess process) =>
        process
            .CommandLine.GdbSockets.Select(socket => socket.Resolve(process))
            .OfType<QmpEndpoint>()
            .Select(endpoint =>
                endpoint.UnixPath is { } path ? $"unix:{path}"
                : endpoint.Host!.Contains(':', StringComparison.Ordinal) ? $"[{endpoint.Host}]:{endpoint.Port}"
                : $"{endpoint.Host}:{endpoint.Port}"
            )
            .FirstOrDefault();

    private static bool IsSame(GdbEndpoint stub, QmpEndpoint socket) =>
        stub.Path is { } path
            ? socket.UnixPath is { } other && Path.GetFullPath(path) == Path.GetFullPath(other)
            : socket.UnixPath is null && stub.Port == socket.Port;

    private static bool IsThisHost(string host)
    {
        try
        {
            return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || Dns.GetHostAddresses(host).Any(IPAddress.IsLoopback);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            return false;
        }
    }
}
