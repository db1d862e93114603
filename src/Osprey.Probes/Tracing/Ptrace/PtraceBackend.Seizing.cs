using System.Diagnostics;
using System.Globalization;
using Osprey.Probes.Native;

namespace Osprey.Probes.Tracing.Ptrace;

/// <content>Attaching to the threads that the process has.</content>
public sealed partial class PtraceBackend
{
    private const int NotPermitted = 1; // EPERM
    private static readonly TimeSpan s_endingTime = TimeSpan.FromMilliseconds(500);

    private void SeizeThreads()
    {
        // Threads that are not seized yet may start others: until nothing new is found.
        for (bool isNew = true; isNew; )
        {
            isNew = false;
            foreach (int thread in _process.ListThreads())
            {
                if (_threads.Contains(thread))
                    continue;

                int error = Seize(thread);
                if (error == Libc.NoSuchProcess)
                    continue; // it has just ended

                if (error != 0)
                {
                    LetGo();
                    throw Refused();
                }

                _threads.Add(thread);
                _awake = thread;
                isNew = true;
            }
        }

        if (_threads.Count == 0)
            throw new ProbeException($"process {_process.ProcessId} has ended");
    }

    /// <summary>
    /// Seizes a thread. Two kinds are refused as those of another user would be: what the kernel has seized for us,
    /// since a thread began it that was seized before, and what is about to end.
    /// </summary>
    private int Seize(int thread)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            int error = PtraceCalls.Seize(thread);
            if (
                error == NotPermitted
                && FindTracer(thread) is { } tracer
                && Directory.Exists($"/proc/self/task/{tracer}")
            )
                return 0;

            bool mayBeEnding = error == NotPermitted && thread != _process.ProcessId;
            if (!mayBeEnding || Stopwatch.GetElapsedTime(begun) > s_endingTime)
                return error;

            Thread.Sleep(1);
        }
    }

    private ProbeException Refused()
    {
        string? tracer = FindTracer(_process.ProcessId);
        return new ProbeException(
            tracer is not null
                ? $"process {_process.ProcessId} is being traced already, by process {tracer}"
                : $"process {_process.ProcessId} can't be traced: not permitted (another user's, or "
                    + "/proc/sys/kernel/yama/ptrace_scope does not allow it)"
        );
    }

    /// <summary>Finds the thread that traces one of the process; null when none does.</summary>
    private string? FindTracer(int thread)
    {
        try
        {
            string path = string.Create(
                CultureInfo.InvariantCulture,
                $"/proc/{_process.ProcessId}/task/{thread}/status"
            );
            string? tracer = File.ReadLines(path)
                .FirstOrDefault(line => line.StartsWith("TracerPid:", StringComparison.Ordinal))
                ?[10..].Trim();
            return tracer is "0" ? null : tracer;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended
        }
    }
}
