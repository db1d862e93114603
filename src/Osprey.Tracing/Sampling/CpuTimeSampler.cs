using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Osprey.Tracing.Control;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Sampling;

/// <summary>Takes a thread's stack each time that it has used up so much CPU time.</summary>
/// <remarks>
/// <para>
/// The kernel does it: a clock of the CPU time of each thread on each CPU (perf_event_open) interrupts the thread when
/// its period is over, follows the frame pointers, which the runtime's compiler keeps, and puts the addresses into a
/// buffer of that CPU. No signal is sent, the runtime is neither asked nor suspended, and threads that are started
/// later inherit the clocks of the thread that starts them. A thread of ours empties the buffers, sorts what was taken
/// on different CPUs by time, and writes it as records. It has no clock itself, so that it is not among the samples.
/// </para>
/// <para>
/// A clock for each pair of thread and CPU is what inheritance and buffers together ask for: the kernel does not let
/// inherited events of all CPUs share a buffer. A thread that is born while the clocks are opened may be missed, with
/// those that it starts.
/// </para>
/// <para>
/// Other ways were weighed. Timers that send signals (SIGPROF) need a handler on any thread at any moment, which
/// managed code must not be. The runtime's own sample profiler suspends all threads for each sample, and samples
/// those that wait as well, so that it tells no CPU time.
/// </para>
/// </remarks>
internal sealed unsafe class CpuTimeSampler : IDisposable
{
    private static readonly TracepointDescriptor* s_tick = TracepointList.Define("sampler_tick", "", "");

    private readonly List<int> _events = [];
    private readonly List<PerfBuffer> _buffers = [];
    private readonly List<StackSample> _samples = [];
    private readonly ThreadNames _names = new();
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _isReady = new();
    private readonly ManualResetEventSlim _end = new();
    private readonly int _frequency;
    private string? _problem;
    private long _written;
    private long _lost;

    /// <summary>Begins to take samples.</summary>
    /// <exception cref="NotSupportedException">The kernel does not let this process; the message says why.</exception>
    public CpuTimeSampler(int frequency)
    {
        _frequency = frequency;
        _thread = new Thread(Run) { IsBackground = true, Name = "sampler" };
        _thread.Start();
        _isReady.Wait();
        if (_problem is null)
            return;

        Dispose();
        throw new NotSupportedException(_problem);
    }

    /// <summary>The tracepoint of the samples.</summary>
    public static TracepointInfo Tick { get; } = Tracing.Tracepoints.First(info => info.Descriptor == s_tick);

    /// <summary>Whether samples are also taken while a thread is in the kernel.</summary>
    public bool CoversKernel { get; private set; } = true;

    /// <summary>The number of samples that were handed to the rings.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>The number of samples that the kernel had no room for.</summary>
    public long Lost => Volatile.Read(ref _lost);

    public void Dispose()
    {
        _end.Set();
        _thread.Join();
        _isReady.Dispose();
        _end.Dispose();
    }

    private void Run()
    {
        try
        {
            _problem = Open();
            _isReady.Set();
            if (_problem is not null)
                return;

            // A buffer holds 1800 samples or more.
            var pause = TimeSpan.FromMilliseconds(_frequency > 20_000 ? 2 : 10);
            while (!_end.Wait(pause))
                Drain(isLast: false);
            ControlAll(PerfEvent.Disable);
            Drain(isLast: true);
        }
        finally
        {
            foreach (PerfBuffer buffer in _buffers)
                buffer.Dispose();
            foreach (int file in _events)
                _ = Libc.Close(file);
        }
    }

    /// <summary>Opens the clocks of all threads but this one, and starts them.</summary>
    /// <returns>Why that can't be done; null when it was done.</returns>
    private string? Open()
    {
        if (!PerfEvent.IsKnown)
            return "The sampler needs Linux on x86-64 or AArch64";

        int self = Libc.GetThreadId();
        if (ThreadNames.TryListThreads() is not { } threads)
            return "This process's threads can't be listed: it has no file left to open, or /proc is not there";

        threads.Remove(self);
        for (int cpu = 0; cpu < TraceRings.CpuCount; cpu++)
        {
            PerfBuffer? buffer = null;
            foreach (int thread in threads)
            {
                int file = OpenClock(thread, cpu);
                if (-file is 3 or 19) // ESRCH, ENODEV: the thread ended, or the CPU is off
                    continue;
                if (file < 0)
                    return Refusal(-file);

                _events.Add(file);
                if (buffer is not null)
                {
                    if (Libc.ControlDevice(file, PerfEvent.SetOutput, buffer.File) != 0)
                        return Refusal(Marshal.GetLastPInvokeError());
                    continue;
                }

                buffer = PerfBuffer.Map(file);
                if (buffer is null)
                    return "The kernel gives no memory for samples (see kernel.perf_event_mlock_kb)";
                _buffers.Add(buffer);
            }
        }

        ControlAll(PerfEvent.Enable);
        return null;
    }

    private int OpenClock(int thread, int cpu)
    {
        long period = 1_000_000_000L / _frequency;
        int file = PerfEvent.Open(thread, cpu, period, CoversKernel);
        if (-file is not (1 or 13) || !CoversKernel) // EPERM, EACCES
            return file;

        // kernel.perf_event_paranoid = 2 lets a user look at the time outside of the kernel only.
        CoversKernel = false;
        return PerfEvent.Open(thread, cpu, period, false);
    }

    private static string Refusal(int error)
    {
        string reason = error switch
        {
            1 or 13 => "the kernel does not allow it (see kernel.perf_event_paranoid, or the container's seccomp)",
            Libc.TooManyFiles => "there are too many threads and CPUs for the number of files that it may open",
            38 or 2 => "the kernel has no such events", // ENOSYS, ENOENT
            _ => Marshal.GetPInvokeErrorMessage(error),
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"This process can't be sampled by perf_event_open: {reason} (error {error})"
        );
    }

    private void ControlAll(nuint request)
    {
        foreach (int file in _events)
            _ = Libc.ControlDevice(file, request, 0);
    }

    private void Drain(bool isLast)
    {
        // What one CPU wrote after the other's buffer was read waits for the next round, so that all stay sorted.
        ulong end = isLast ? ulong.MaxValue : (ulong)Stopwatch.GetTimestamp();
        long lost = 0;
        foreach (PerfBuffer buffer in _buffers)
            lost += buffer.Drain(_samples);
        _samples.Sort((x, y) => x.Time.CompareTo(y.Time));

        int count = 0;
        foreach (ref StackSample sample in CollectionsMarshal.AsSpan(_samples))
        {
            if (sample.Time > end)
                break;

            Write(ref sample);
            count++;
        }

        _samples.RemoveRange(0, count);
        Volatile.Write(ref _written, _written + count);
        if (lost == 0)
            return;

        Volatile.Write(ref _lost, _lost + lost);
        TraceRings.Drop(lost);
    }

    private void Write(ref StackSample sample)
    {
        (ulong start, ulong end) = _names.Get(sample.Thread);
        var moment = new LateMoment
        {
            Thread = (ulong)sample.Thread,
            NameStart = start,
            NameEnd = end,
            Time = (long)sample.Time,
            Cpu = sample.Cpu,
            Backtrace = sample.Addresses,
        };
        if (RecordWriter.TryBeginLate(s_tick, 0, TraceRings.Samples, moment, out RecordWriter writer))
            writer.End();
    }
}
