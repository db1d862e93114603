using System.Globalization;
using Osprey.Guests.Failures;
using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Answers.Guests.Failures;

/// <summary>A vCPU of a guest that is looked at for a failure.</summary>
/// <param name="Cpu">Its number from 0.</param>
/// <param name="Activity">What it does; null when its registers can't be read.</param>
/// <param name="Thread">The thread that it runs; null when that is not known.</param>
/// <param name="Rows">The frames of its stack with their names, the innermost first.</param>
/// <param name="Backtrace">The stack as it was found; null when it was not.</param>
public sealed record FailureCpu(
    int Cpu,
    GuestCpuActivity? Activity,
    GuestThreadState? Thread,
    IReadOnlyList<BacktraceRow> Rows,
    Backtrace? Backtrace
)
{
    /// <summary>The columns.</summary>
    public static Shape<FailureCpu> Shape { get; } =
        new Shape<FailureCpu>("cpus")
            .Integer("cpu", cpu => cpu.Cpu)
            .Text("activity", cpu => cpu.Word)
            .Unsigned("thread", cpu => cpu.Thread?.Id)
            .Text("threadName", cpu => cpu.Thread?.Name)
            .Records("frames", cpu => cpu.Rows.Select(row => new StackRow(row, null)), () => StackRow.Shape);

    /// <summary>The same in words: number, activity and thread.</summary>
    public string Description
    {
        get
        {
            string thread = Thread is { } running ? $", thread {running.Label}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"vCPU {Cpu}: {Word ?? "unknown"}{thread}");
        }
    }

    /// <summary>The state of the CPU, in a word or two; null when that is not known.</summary>
    public string? Word =>
        Activity switch
        {
            GuestCpuActivity.Runs => "runs",
            GuestCpuActivity.Idles => "idle",
            GuestCpuActivity.Fails => "failed",
            GuestCpuActivity.FailsToo => "failed too",
            GuestCpuActivity.IsStopped => "stopped by another CPU",
            GuestCpuActivity.Halts => "halted",
            GuestCpuActivity.IsNotStarted => "not started",
            _ => null,
        };
}
