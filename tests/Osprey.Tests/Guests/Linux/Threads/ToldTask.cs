using Osprey.Guests.Threads;
using Osprey.Tests.Guests.Report;

namespace Osprey.Tests.Guests.Linux.Threads;

/// <summary>What a Linux guest says of one of its tasks, or what was found of it.</summary>
/// <param name="Id">The number of the task.</param>
/// <param name="Process">The number of its process.</param>
/// <param name="Parent">The number of the process that made that.</param>
/// <param name="Priority">The priority as /proc has it.</param>
/// <param name="Nice">The niceness.</param>
/// <param name="Policy">The scheduler's rules.</param>
/// <param name="IsKernel">Whether it runs the kernel alone.</param>
/// <param name="Name">The name.</param>
internal sealed record ToldTask(
    ulong Id,
    ulong Process,
    ulong Parent,
    long Priority,
    long Nice,
    string Policy,
    bool IsKernel,
    string Name
)
{
    private static readonly string[] s_policies = ["other", "fifo", "rr", "batch", "?4", "idle", "deadline", "ext"];

    /// <summary>The letter of its state.</summary>
    public char State { get; init; }

    /// <summary>The real-time priority.</summary>
    public long Realtime { get; init; }

    /// <summary>How often it was switched in.</summary>
    public ulong Switches { get; init; }

    /// <summary>The function that it waits in; "0" when it does not.</summary>
    public string Channel { get; init; } = "0";

    /// <summary>True when the guest may change all about it: a worker of the kernel.</summary>
    public bool IsWorker => Name.StartsWith("kworker", StringComparison.Ordinal);

    /// <summary>Reads what the guest's init printed.</summary>
    public static IReadOnlyList<ToldTask> Parse(string report) =>
        [
            .. report
                .Split('\n')
                .Where(line => line.StartsWith("task ", StringComparison.Ordinal))
                .Select(GuestReportLine.Parse)
                .Select(line => new ToldTask(
                    line.GetNumber("tid"),
                    line.GetNumber("pid"),
                    line.GetNumber("parent"),
                    GetSigned(line, "priority"),
                    GetSigned(line, "nice"),
                    s_policies[line.GetInt32("policy")],
                    line.GetInt32("kernel") == 1,
                    line.Text
                )
                {
                    State = line["state"][0],
                    Realtime = GetSigned(line, "realtime"),
                    Switches = line.GetNumber("switches"),
                    Channel = line["wchan"],
                }),
        ];

    /// <summary>The part of what was found that a guest does not change.</summary>
    public static ToldTask Of(GuestThreadState state) =>
        new(
            state.Id,
            state.ProcessId!.Value,
            state.ParentId!.Value,
            (long)state.Priority!.Value,
            state.Nice!.Value,
            state.Policy!,
            state.IsKernel!.Value,
            state.Name
        );

    /// <summary>
    /// The part that a guest does not change. Since 5.17, <c>/proc</c> has the whole name of a kernel thread, of which
    /// the task itself has 15 characters.
    /// </summary>
    public ToldTask Lasting() =>
        this with
        {
            Name = IsKernel && Name.Length > 15 ? Name[..15] : Name,
            State = default,
            Realtime = 0,
            Switches = 0,
            Channel = "0",
        };

    private static long GetSigned(GuestReportLine line, string field) =>
        long.Parse(line[field], System.Globalization.CultureInfo.InvariantCulture);
}
