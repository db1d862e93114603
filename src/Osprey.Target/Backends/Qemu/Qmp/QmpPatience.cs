using System.Globalization;
using Osprey.Target.Backends.Processes;
using Osprey.Target.Backends.Sockets;

namespace Osprey.Target.Backends.Qemu.Qmp;

/// <summary>How long another client of a QMP socket is given to leave before the socket is said to be busy.</summary>
/// <remarks>
/// Many clients ask a question or two and leave: commands, scripts, and those that watch a guest, which connect anew
/// each time. Programs that manage guests connect when they start one and stay; to wait for them is in vain.
/// </remarks>
internal static class QmpPatience
{
    private const ulong TicksPerSecond = 100; // USER_HZ
    private const ulong LongLife = 10 * TicksPerSecond;
    private const string OwnName = "osprey";

    /// <summary>The time for one that nothing else is known of, and for those that were started just now.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>The time for a program that runs for long: such a one asks and leaves, or stays.</summary>
    public static readonly TimeSpan ForLongLived = TimeSpan.FromMilliseconds(300);

    /// <summary>The time that a client is given.</summary>
    public static TimeSpan For(SocketHolder client) =>
        Choose(
            // Whatever its name is, what this process has open is ours.
            client.ProcessId == Environment.ProcessId
                ? OwnName
                : client.Program,
            ProcessStat.TryRead(client.ProcessId)?.StartTime,
            ReadUptime()
        );

    /// <summary>The time for a program by its name and age.</summary>
    /// <param name="program">Its short name.</param>
    /// <param name="started">When it was started, in ticks since the host's boot; null when that is not known.</param>
    /// <param name="now">The ticks since the host's boot; null when they are not known.</param>
    internal static TimeSpan Choose(string program, ulong? started, ulong? now)
    {
        if (program is "libvirtd" or "virtqemud" or "lxd" or "incusd")
            return TimeSpan.Zero;

        // One of ours that has a guest open keeps the connection for a while after each question.
        bool isLongLived = started is { } start && now is { } uptime && uptime >= start && uptime - start >= LongLife;
        return isLongLived && program != OwnName ? ForLongLived : Longest;
    }

    private static ulong? ReadUptime()
    {
        try
        {
            string text = ProcFile.ReadText("/proc/uptime");
            return ulong.TryParse(
                text.Split('.')[0],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out ulong seconds
            )
                ? seconds * TicksPerSecond
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
