using System.Globalization;

namespace Osprey.Traces.Formats.LinuxText;

/// <summary>Makes the events of waiting and idling that sched_switch stands for.</summary>
internal static class LinuxSchedule
{
    private const ulong IdleThread = 0;

    /// <summary>The event, and behind it those that follow from it.</summary>
    public static IEnumerable<LinuxEvent> Split(LinuxEvent line)
    {
        yield return line;
        if (
            line.Name != "sched_switch"
            || !TryParseThread(line.Find("prev_pid"), out ulong previous)
            || !TryParseThread(line.Find("next_pid"), out ulong next)
            || line.Find("prev_state") is not { Length: > 0 } state
        )
            yield break;

        if (previous == IdleThread)
        {
            yield return Make(line, LinuxTraceSemantics.IdleEnd, previous, line.Thread);
        }
        else if (state[0] != 'R')
        {
            LinuxEvent wait = Make(line, LinuxTraceSemantics.Wait, previous, line.Find("prev_comm") ?? line.Thread);
            wait.Frames.AddRange(line.Frames);
            yield return wait;
        }

        string name = line.Find("next_comm") ?? "";
        if (next == IdleThread)
            yield return Make(line, LinuxTraceSemantics.Idle, next, name);
        else
            yield return Make(line, LinuxTraceSemantics.WaitEnd, next, name);
    }

    private static LinuxEvent Make(LinuxEvent line, string name, ulong thread, string threadName) =>
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
