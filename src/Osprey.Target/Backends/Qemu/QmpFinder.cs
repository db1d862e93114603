using System.Globalization;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;
using Osprey.Target.Backends.Sockets;

namespace Osprey.Target.Backends.Qemu;

/// <summary>
/// Connects to the QMP of a QEMU: to the socket that the user named, or to one that QEMU was told of.
/// </summary>
public static class QmpFinder
{
    private const int MaxThreads = 100_000;

    /// <summary>Connects to the first socket of a QEMU that answers.</summary>
    /// <param name="process">The QEMU.</param>
    /// <param name="named">The socket that the user named; null for those that QEMU was told of.</param>
    /// <param name="timeout">How long connecting, and any one answer, may take.</param>
    /// <param name="cancellation">The user's wish to end early.</param>
    /// <param name="endpoint">The socket that answered, or the first that did not; null when there is none.</param>
    /// <param name="problem">The reason why none answered; null when one did.</param>
    /// <returns>Null when none answered.</returns>
    public static QmpClient? Connect(
        QemuProcess process,
        QmpEndpoint? named,
        TimeSpan timeout,
        CancellationToken cancellation,
        out QmpEndpoint? endpoint,
        out TargetException? problem
    )
    {
        endpoint = null;
        problem = null;
        IEnumerable<QmpEndpoint> endpoints = named is not null
            ? [named]
            : process.CommandLine.QmpSockets.Select(socket => socket.Resolve(process)).OfType<QmpEndpoint>();
        foreach (QmpEndpoint place in endpoints)
        {
            if (StoppedProcess.Is(process.ProcessId))
            {
                endpoint ??= place;
                problem = Stopped(process);
                return null;
            }

            try
            {
                var client = QmpClient.Connect(place, timeout, cancellation);
                endpoint = place;
                problem = null;
                return client;
            }
            catch (TargetException exception)
            {
                endpoint ??= place;
                problem ??= StoppedProcess.Is(process.ProcessId) ? Stopped(process) : exception;
            }
            catch (QmpException exception)
            {
                endpoint ??= place;
                problem ??= new TargetException(TargetProblem.CommandFailed, exception.Message, exception);
            }
        }

        problem ??= new TargetException(TargetProblem.NoQmp, $"qemu pid {process.ProcessId} has no QMP socket");
        return null;
    }

    /// <summary>
    /// Makes sure that a connection is to a certain QEMU: the threads of its vCPUs are those of the process.
    /// </summary>
    /// <exception cref="TargetException">It is to another.</exception>
    public static void RequireOf(QmpClient qmp, QmpEndpoint endpoint, QemuProcess process)
    {
        IReadOnlyList<int> threads = QemuFacts.AskThreads(qmp);
        HashSet<int> own = ReadThreads(process.ProcessId);
        if (threads.Count == 0 || !threads.All(own.Contains))
            throw new TargetException(
                TargetProblem.QmpOfAnotherGuest,
                $"QMP at {endpoint} is not that of qemu pid {process.ProcessId}"
            );
    }

    private static TargetException Stopped(QemuProcess process) =>
        new(TargetProblem.ProcessStopped, $"qemu pid {process.ProcessId} is stopped, as by SIGSTOP")
        {
            ProcessId = process.ProcessId,
        };

    /// <summary>
    /// The ids of a process's threads, here and in its own PID namespace: QEMU knows only the latter.
    /// </summary>
    private static HashSet<int> ReadThreads(int processId)
    {
        var threads = new HashSet<int>();
        try
        {
            foreach (string task in Directory.EnumerateDirectories($"/proc/{processId}/task").Take(MaxThreads))
            {
                foreach (string line in File.ReadLines(Path.Combine(task, "status")))
                {
                    if (!line.StartsWith("NSpid:", StringComparison.Ordinal))
                        continue;

                    foreach (string id in line[6..].Split('\t', StringSplitOptions.RemoveEmptyEntries))
                    {
                        if (int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int thread))
                            threads.Add(thread);
                    }
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended, or a thread of it did.
        }

        return threads;
    }
}
