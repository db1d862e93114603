using Osprey.Traces.Model;

namespace Osprey.Session.Answers.Traces.Samples;

/// <summary>A return from a wait, with how long it took, as a row.</summary>
/// <param name="resumed">The return.</param>
/// <param name="wakeup">The time from the wake-up to the return, in nanoseconds.</param>
/// <param name="wait">The time from the wait to the return, in nanoseconds.</param>
/// <param name="cells">Computes what the sample does not hold itself.</param>
public readonly ref struct WakeupRow(scoped in TraceEvent resumed, long wakeup, long wait, SampleCells cells)
{
    private readonly SampleRow _resumed = cells.CreateRow(resumed);
    private readonly long _wakeup = wakeup;
    private readonly long _wait = wait;

    /// <summary>The columns.</summary>
    public static Shape<WakeupRow> Shape { get; } =
        new Shape<WakeupRow>("wakeups")
            .Include(row => row._resumed, SampleRow.Shape)
            .Duration("wakeup", row => row._wakeup)
            .Duration("wait", row => row._wait);
}
