using System.Diagnostics;
using Osprey.Target;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Session.Guests;

// One QEMU that does not answer must not hold up the others, however many do not. So each has a thread of its own, up
// to a limit, and nobody waits for a thread beyond the time for all: what it is in the middle of (a read in /proc can
// hang as well) ends by itself, or with the program.

/// <summary>Asks many QEMUs at once what their guests do.</summary>
internal sealed class GuestSurvey
{
    private const int MaxThreads = 256;
    private const int StackSize = 256 << 10;
    private static readonly TimeSpan s_all = TimeSpan.FromMilliseconds(450);
    private static readonly TimeSpan s_answer = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(20);

    private readonly IReadOnlyList<QemuProcess> _processes;
    private readonly GuestListing?[] _listings;
    private readonly CancellationTokenSource _end;
    private int _next = -1;
    private int _done;

    private GuestSurvey(IReadOnlyList<QemuProcess> processes, CancellationToken cancellation)
    {
        _processes = processes;
        _listings = new GuestListing?[processes.Count];
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }

    /// <summary>Asks them.</summary>
    /// <returns>In the order of <paramref name="processes"/>.</returns>
    /// <exception cref="OperationCanceledException">The user wishes to end early.</exception>
    public static IReadOnlyList<GuestListing> Ask(IReadOnlyList<QemuProcess> processes, CancellationToken cancellation)
    {
        var survey = new GuestSurvey(processes, cancellation);
        survey._end.CancelAfter(s_all);
        for (int i = 0; i < Math.Min(processes.Count, MaxThreads); i++)
            new Thread(survey.Work, StackSize) { IsBackground = true, Name = "guest survey" }.Start();

        long start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref survey._done) < processes.Count && Stopwatch.GetElapsedTime(start) < s_all + s_slice)
        {
            cancellation.ThrowIfCancellationRequested();
            Thread.Sleep(Stopwatch.GetElapsedTime(start) < s_slice ? TimeSpan.FromMilliseconds(1) : s_slice / 4);
        }

        return [.. processes.Select((process, i) => Volatile.Read(ref survey._listings[i]) ?? Missing(process))];
    }

    private void Work()
    {
        for (
            int i = Interlocked.Increment(ref _next);
            i < _processes.Count && !_end.IsCancellationRequested;
            i = Interlocked.Increment(ref _next)
        )
        {
            Volatile.Write(ref _listings[i], Describe(_processes[i]));
            Interlocked.Increment(ref _done);
        }
    }

    private GuestListing Describe(QemuProcess process)
    {
        QmpEndpoint? qmp = null;
        TargetException? problem = null;
        QemuFacts? facts = null;
        string? silence = null;
        try
        {
            using QmpClient? client = QmpFinder.Connect(process, null, s_answer, _end.Token, out qmp, out problem);
            facts = client is null ? null : QemuFacts.Ask(client);
        }
        catch (OperationCanceledException)
        {
            silence = Silence(process);
        }
        catch (Exception exception) when (exception is TargetException or QmpException)
        {
            silence = exception.Message;
        }

        return new GuestListing(
            process,
            facts?.State ?? (problem?.Problem == TargetProblem.ProcessStopped ? "stopped" : null),
            QemuTarget.CanReadMemory(process),
            (qmp ?? FindQmp(process))?.ToString(),
            silence ?? (qmp is null ? null : problem?.Message),
            FindGdb(process)
        )
        {
            CpuCount = facts?.CpuCount ?? process.CommandLine.CpuCount,
            MemorySize = facts?.RamSize ?? process.CommandLine.MemorySize,
        };
    }

    private static GuestListing Missing(QemuProcess process) =>
        new(process, null, null, FindQmp(process)?.ToString(), Silence(process), FindGdb(process))
        {
            CpuCount = process.CommandLine.CpuCount,
            MemorySize = process.CommandLine.MemorySize,
        };

    private static string Silence(QemuProcess process) =>
        $"qemu pid {process.ProcessId} did not answer within {s_all.TotalMilliseconds} ms";

    private static QmpEndpoint? FindQmp(QemuProcess process) =>
        process
            .CommandLine.QmpSockets.Select(socket => socket.Resolve(process))
            .FirstOrDefault(place => place is not null);

    private static string? FindGdb(QemuProcess process) =>
        process
            .CommandLine.GdbSockets.Select(socket => socket.Resolve(process))
            .FirstOrDefault(endpoint => endpoint is not null)
            ?.ToString();
}
