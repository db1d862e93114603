using System.Globalization;
using Osprey.Binary;
using Osprey.Symbols;
using Osprey.Target;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Processes;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;
using Osprey.Target.Execution;

namespace Osprey.Session.Guests;

/// <summary>Finds the guests of this host, and reaches the one that a user means.</summary>
public static class GuestFinder
{
    /// <summary>Reaches a guest.</summary>
    /// <param name="spec">The guest.</param>
    /// <exception cref="TargetException">There is none, there are several, or it can't be reached.</exception>
    /// <exception cref="BadDataException">A core file is malformed.</exception>
    /// <exception cref="IOException">A core file can't be opened.</exception>
    public static GuestTarget Open(TargetSpec spec) => Open(spec, null, CancellationToken.None);

    /// <summary>Reaches a guest, unless the user wishes to end before that.</summary>
    /// <param name="spec">The guest.</param>
    /// <param name="qmp">The address of its QMP socket; null for one that its QEMU was told of.</param>
    /// <param name="cancellation">The user's wish to end early. The guest is left as it was found.</param>
    /// <param name="permissions">The things that the user allowed beyond reading.</param>
    /// <exception cref="OperationCanceledException">The user wishes to end early.</exception>
    /// <inheritdoc cref="Open(TargetSpec)"/>
    public static GuestTarget Open(
        TargetSpec spec,
        string? qmp,
        CancellationToken cancellation,
        TargetPermissions permissions = TargetPermissions.None
    )
    {
        QmpEndpoint? endpoint = qmp is null ? null : ParseQmp(spec, qmp);
        return spec.Kind switch
        {
            TargetSpecKind.GdbStub => GdbTarget.Connect(
                spec.Value,
                GdbOptions.Default with
                {
                    Permissions = permissions,
                    WasRunning = StubState.AskIsRunning(spec.Value, cancellation),
                },
                cancellation
            ),
            TargetSpecKind.CoreFile => OpenCore(spec.Value),
            TargetSpecKind.Program => ProcessTarget.Attach(spec.Value),
            _ => QemuTarget.Attach(
                FindProcess(spec),
                permissions: permissions,
                qmp: endpoint,
                cancellation: cancellation
            ),
        };
    }

    /// <summary>All guests of this host, lowest process id first.</summary>
    /// <inheritdoc cref="List(CancellationToken)"/>
    public static IReadOnlyList<GuestListing> List() => List(CancellationToken.None);

    /// <summary>
    /// All guests of this host, lowest process id first. All are asked at once for their state, and answer within
    /// half a
    /// second or are listed as ones that did not.
    /// </summary>
    /// <param name="cancellation">The user's wish to end early.</param>
    /// <exception cref="OperationCanceledException">The user wishes to end early.</exception>
    public static IReadOnlyList<GuestListing> List(CancellationToken cancellation) =>
        GuestSurvey.Ask(QemuProcess.FindAll(), cancellation);

    /// <summary>Finds the QEMU of this host that is named, or the only one.</summary>
    internal static QemuProcess FindProcess(TargetSpec spec) =>
        spec.Kind == TargetSpecKind.Process ? FindProcess(spec.Value) : FindOnly();

    /// <summary>Reads the address of a QMP socket that a user gave for a guest.</summary>
    /// <param name="spec">The guest.</param>
    /// <param name="text">A path, <c>unix:PATH</c> or <c>HOST:PORT</c>.</param>
    /// <exception cref="FormatException">The guest is none of a QEMU of this host.</exception>
    /// <exception cref="TargetException">It is no address.</exception>
    public static QmpEndpoint ParseQmp(TargetSpec spec, string text)
    {
        if (spec.Kind is TargetSpecKind.GdbStub or TargetSpecKind.CoreFile or TargetSpecKind.Program)
            throw new FormatException("a QMP socket goes with a QEMU of this host, not with a gdb stub or a core file");

        // QEMU's own form has options behind the address.
        string address = text.Split(',')[0];
        return QmpEndpoint.TryParse(address)
            ?? (
                File.Exists(address) || address.Contains('/', StringComparison.Ordinal)
                    ? QmpEndpoint.Unix(address)
                    : throw new TargetException(
                        TargetProblem.MalformedQmpAddress,
                        $"\"{text}\" is no address of a QMP socket"
                    )
            );
    }

    private static GuestTarget OpenCore(string path)
    {
        try
        {
            return CoreTarget.Open(path);
        }
        catch (TargetException exception)
            when (exception.Problem == TargetProblem.NotAGuestCore && ProcessCoreTarget.TryOpen(path) is { } program)
        {
            return program;
        }
    }

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

        IReadOnlyList<QemuProcess> all = QemuProcess.FindAll();
        QemuProcess[] named = [.. all.Where(process => process.CommandLine.GuestName == name)];
        return named.Length switch
        {
            1 => named[0],
            0 => throw new TargetException(
                TargetProblem.NoSuchGuest,
                $"there is no guest '{name}'"
                    + NearNames.Suggest(name, all.Select(process => process.CommandLine.GuestName).OfType<string>())
            ),
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
}
