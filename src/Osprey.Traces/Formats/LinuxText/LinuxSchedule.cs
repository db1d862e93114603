using System.Globalization;
using Osprey.Traces.Formats.TextEvents;

namespace Osprey.Traces.Formats.LinuxText;

/// <summary>Makes the events of waiting and idling that sched_switch stands for.</summary>
internal static class LinuxSchedule
{
    private const ulong IdleThread = 0;

    /// <summary>Adds the events that follow from one.</summary>
    public static void AddDerived(TextEvent line, Queue<TextEvent> derived)
    {
        if (
            line.Name != "sched_switch"
            || !TryParseThread(line.Find("prev_pid") ?? line.Find("prev_tid"), out ulong previous)
            || !TryParseThread(line.Find("next_pid") ?? line.Find("next_tid"), out ulong next)
            || line.Find("prev_state") is not { Length: > 0 } state
        )
            return;

        if (previous == IdleThread)
        {
            derived.Enqueue(Make(line, LinuxTraceSemantics.IdleEnd, previous, line.Thread));
        }
        else if (!IsReady(state))
        {
            TextEvent wait = Make(line, LinuxTraceSemantics.Wait, previous, line.Find("prev_comm") ?? line.Thread);
            wait.Frames.AddRange(line.Frames);
            derived.Enqueue(wait);
        }

        string name = line.Find("next_comm") ?? "";
        derived.Enqueue(
            Make(line, next == IdleThread ? LinuxTraceSemantics.Idle : LinuxTraceSemantics.WaitEnd, next, name)
        );
    }

    /// <summary>Tells whether a thread could go on: R and R+ in the kernel's letters, 0 in its numbers.</summary>
    private static bool IsReady(string state) =>
        state[0] == 'R' || state.StartsWith('0') || state.Contains("TASK_RUNNING", StringComparison.Ordinal);

    private static TextEvent Make(TextEvent line, string name, ulong thread, string threadName) =>
        new()
        {
            Name = name,
            ThreadId = thread,
            Thread = threadName,
            Time = line.Time,
            Cpu = line.Cpu,
        };

    private static bool TryParseThread(string? text, out ulong thread) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out thread);
}
