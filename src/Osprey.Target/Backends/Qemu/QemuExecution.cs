using System.Diagnostics;
using Osprey.Target.Execution;

namespace Osprey.Target.Backends.Qemu;

/// <summary>Stops a guest and lets it run over QMP, which knows neither steps nor breakpoints.</summary>
internal sealed class QemuExecution(QemuTarget target) : IExecutionControl
{
    private const string NotHere =
        "over QMP a guest can only be stopped and let run; steps and breakpoints need its gdb stub";
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(50);

    private bool _wasToldToStop;

    /// <inheritdoc/>
    public ExecutionFeatures Features => ExecutionFeatures.None;

    /// <inheritdoc/>
    public bool IsRunning => target.Access == TargetAccess.Live;

    /// <inheritdoc/>
    public IReadOnlyCollection<Breakpoint> Breakpoints => [];

    /// <inheritdoc/>
    public void Stop()
    {
        _wasToldToStop |= IsRunning;
        target.SetRunning(false);
    }

    /// <inheritdoc/>
    public void Resume()
    {
        _wasToldToStop = false;
        target.SetRunning(true);
    }

    /// <inheritdoc/>
    public StopEvent? WaitForStop(TimeSpan timeout, CancellationToken cancellation = default)
    {
        long start = Stopwatch.GetTimestamp();
        while (IsRunning)
        {
            cancellation.ThrowIfCancellationRequested();
            if (target.NoticeStop())
                return new StopEvent(StopReason.Other);

            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                return null;

            cancellation.WaitHandle.WaitOne(left < s_slice ? left : s_slice);
        }

        bool wasTold = _wasToldToStop;
        _wasToldToStop = false;
        return wasTold ? new StopEvent(StopReason.Requested) : null;
    }

    /// <inheritdoc/>
    public StopEvent Step(int cpu, TimeSpan timeout, CancellationToken cancellation = default) =>
        throw new TargetException(TargetProblem.StubNeeded, NotHere);

    /// <inheritdoc/>
    public void Insert(Breakpoint breakpoint) => throw new TargetException(TargetProblem.StubNeeded, NotHere);

    /// <inheritdoc/>
    public void Remove(Breakpoint breakpoint) { }
}
