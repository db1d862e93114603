using System.Globalization;
using System.Text.Json;
using Osprey.Binary;
using Osprey.Target;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Session.Guests;

/// <summary>Finds the guests of this host, and reaches the one that a user means.</summary>
public static class GuestFinder
{
    private static readonly TimeSpan s_listingTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// All guests of this host, lowest process id first. Asks each one's QMP for its state, for a moment only.
    /// </summary>
    public static IReadOnlyList<GuestListing> List()
    {
        IReadOnlyList<QemuProcess> processes = QemuProcess.FindAll();
        var listings = new GuestListing[processes.Count];
        Parallel.For(0, processes.Count, i => listings[i] = Describe(processes[i]));
        return listings;
    }

    /// <summary>Reaches a guest.</summary>
    /// <exception cref="TargetException">There is none, there are several, or it can't be reached.</exception>
    /// <exception cref="BadDataException">A core file is malformed.</exception>
    /// <exception cref="IOException">A core file can't be opened.</exception>
    public static GuestTarget Open(TargetSpec spec) =>
        spec.Kind switch
        {
            TargetSpecKind.GdbStub => GdbTarget.Connect(spec.Value),
            TargetSpecKind.CoreFile => CoreTarget.Open(spec.Value),
            TargetSpecKind.Process => QemuTarget.Attach(FindProcess(spec.Value)),
            _ => QemuTarget.Attach(FindOnly()),
        };

    private static QemuProcess FindProcess(string name)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
        {
            if (QemuProcess.TryRead(id) is { } process)
                return process;

            bool exists = Directory.Exists($"/proc/{id}");
            throw new TargetException(
                TargetProblem.NoSuchProcess,
                exists ? $"process {id} is not a QEMU with an x86-64 guest" : $"there is no process {id}"
            );
        }

        QemuProcess[] named = [.. QemuProcess.FindAll().Where(process => process.CommandLine.GuestName == name)];
        return named.Length switch
        {
            1 => named[0],
            0 => throw new TargetException(TargetProblem.NoSuchGuest, $"there is no guest '{name}'"),
            _ => throw new TargetException(
                TargetProblem.AmbiguousGuestName,
                $"there are {named.Length} guests '{name}'"
            )
            {
                Names = ListNames(named),
            },
        };
    }

    private static QemuProcess FindOnly()
    {
        IReadOnlyList<QemuProcess> processes = QemuProcess.FindAll();
        return processes.Count switch
        {
            1 => processes[0],
            0 => throw new TargetException(TargetProblem.NoGuest, "no guest runs under QEMU on this host"),
            _ => throw new TargetException(TargetProblem.SeveralGuests, $"{processes.Count} guests run on this host")
            {
                Names = ListNames(processes),
            },
        };
    }

    private static string[] ListNames(IEnumerable<QemuProcess> processes) =>
        [
            .. processes.Select(process =>
                process.CommandLine.GuestName is { } name ? $"{process.ProcessId} ({name})" : $"{process.ProcessId}"
            ),
        ];

    private static GuestListing Describe(QemuProcess process)
    {
        string? state = null;
        string? problem = null;
        QmpEndpoint? qmp = null;
        foreach (QemuSocket socket in process.CommandLine.QmpSockets)
        {
            if (socket.Resolve(process) is not { } endpoint)
                continue;

            try
            {
                using var client = QmpClient.Connect(endpoint, s_listingTimeout);
                JsonElement status = client.Execute("query-status");
                state =
                    status.ValueKind == JsonValueKind.Object
                    && status.TryGetProperty("status", out JsonElement text)
                    && text.ValueKind == JsonValueKind.String
                        ? text.GetString()
                        : null;
                qmp = endpoint;
                problem = null;
                break;
            }
            // The last: text that is none
            catch (Exception exception) when (exception is TargetException or QmpException or InvalidOperationException)
            {
                qmp ??= endpoint;
                problem ??= exception.Message;
            }
        }

        string? gdb = process
            .CommandLine.GdbSockets.Select(socket => socket.Resolve(process))
            .FirstOrDefault(endpoint => endpoint is not null)
            ?.ToString();
        return new GuestListing(process, state, QemuTarget.CanReadMemory(process), qmp?.ToString(), problem, gdb);
    }
}
