using System.Globalization;

namespace Osprey.Target.Backends.Processes;

/// <summary>What Linux says of a process in /proc/PID/stat.</summary>
/// <param name="Name">The name of its program, as far as the kernel keeps it.</param>
/// <param name="State">Its state: "T" or "t" when it is stopped, "Z" or "X" when it has ended.</param>
/// <param name="StartTime">When it was started, in the kernel's ticks since the host's boot.</param>
internal readonly record struct ProcessStat(string Name, char State, ulong StartTime)
{
    private const int StartTimeField = 19; // counted from the state on

    /// <summary>Whether it has ended, so that only its parent has not taken notice of it.</summary>
    public bool HasEnded => State is 'Z' or 'X';

    /// <summary>Whether it is stopped, as by SIGSTOP.</summary>
    public bool IsStopped => State is 'T' or 't';

    /// <summary>Reads it; null when it is not understood.</summary>
    /// <exception cref="IOException">There is no such process.</exception>
    /// <exception cref="UnauthorizedAccessException">It is hidden from this user.</exception>
    public static ProcessStat? Read(int processId)
    {
        // The name may hold blanks and parentheses, and ends with the last one.
        string text = ProcFile.ReadText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
        int open = text.IndexOf('(', StringComparison.Ordinal);
        int close = text.LastIndexOf(')');
        string[] fields = close < 0 ? [] : text[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return
            open >= 0
            && open < close
            && fields.Length > StartTimeField
            && ulong.TryParse(fields[StartTimeField], NumberStyles.None, CultureInfo.InvariantCulture, out ulong start)
            ? new ProcessStat(text[(open + 1)..close], fields[0][0], start)
            : null;
    }

    /// <summary>Tells whether a process still runs, and its number is not another one's by now.</summary>
    /// <param name="processId">Its process id.</param>
    /// <param name="startTime">When it was started: <see cref="StartTime"/>.</param>
    public static bool IsAlive(int processId, ulong startTime) =>
        TryRead(processId) is { HasEnded: false } now && now.StartTime == startTime;

    /// <summary>Reads it; null as well when there is no such process, or it is hidden from this user.</summary>
    public static ProcessStat? TryRead(int processId)
    {
        try
        {
            return Read(processId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
