using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Formats.LinuxText;

/// <summary>The meaning of Linux's events.</summary>
/// <remarks>
/// Linux has no event for a thread that waits or a CPU that idles: both follow from sched_switch. An event of its own
/// is
/// made for each, behind that of the switch, under the names below. A thread waits when it was switched away from in
/// another state than R (ready to run). Threads are known by their numbers, which sched_switch and sched_wakeup name,
/// too.
/// </remarks>
internal sealed class LinuxTraceSemantics : TraceSemantics
{
    /// <summary>A thread begins to wait: it was switched away from while not ready to run.</summary>
    public const string Wait = "sched_wait";

    /// <summary>The thread runs again.</summary>
    public const string WaitEnd = "sched_wait_ret";

    /// <summary>A CPU begins to idle: it was switched to the idle thread.</summary>
    public const string Idle = "sched_idle";

    /// <summary>The CPU has work again.</summary>
    public const string IdleEnd = "sched_idle_ret";

    private static readonly Dictionary<string, TracepointRole> s_roles = new()
    {
        ["sched_switch"] = TracepointRole.Switch,
        ["sched_wakeup"] = TracepointRole.Wake,
        ["sched_wakeup_new"] = TracepointRole.Wake,
        [Wait] = TracepointRole.Wait,
        [WaitEnd] = TracepointRole.WaitEnd,
        [Idle] = TracepointRole.Idle,
        [IdleEnd] = TracepointRole.IdleEnd,
    };

    /// <summary>The ends of names that tell the two ends of a pair, by the convention of many events.</summary>
    private static readonly (string Entry, string Exit)[] s_suffixes =
    [
        ("_entry", "_exit"),
        ("_enter", "_exit"),
        ("_begin", "_end"),
        ("_start", "_done"),
        ("_start", "_end"),
        ("_issue", "_complete"),
    ];

    /// <summary>The beginnings of the names of system calls: the kernel's, and those that LTTng gives them.</summary>
    private static readonly (string Entry, string Exit)[] s_prefixes =
    [
        ("sys_enter_", "sys_exit_"),
        ("syscall_entry_", "syscall_exit_"),
    ];

    private readonly Func<Tracepoint, string, int> _indexOf;

    /// <param name="indexOf">Finds an argument of a tracepoint by its name; -1 for none.</param>
    public LinuxTraceSemantics(Func<Tracepoint, string, int> indexOf) => _indexOf = indexOf;

    /// <inheritdoc/>
    public override TracepointRole RoleOf(Tracepoint tracepoint) => s_roles.GetValueOrDefault(tracepoint.Name);

    /// <inheritdoc/>
    public override IReadOnlyList<string> NamesOf(TracepointRole role) =>
        [.. s_roles.Where(item => item.Value == role).Select(item => item.Key)];

    /// <inheritdoc/>
    public override int FindRoleArgument(Tracepoint tracepoint)
    {
        if (RoleOf(tracepoint) != TracepointRole.Switch)
            return Find("pid", "tid");

        return Find("next_pid", "next_tid");

        int Find(string kernels, string lttngs)
        {
            int index = Math.Max(_indexOf(tracepoint, kernels), _indexOf(tracepoint, lttngs));
            return index >= 0 && tracepoint.Layout!.Fields[index].Type.IsInteger ? index : -1;
        }
    }

    /// <inheritdoc/>
    public override PairEnd EndOf(string name, bool isCompat)
    {
        switch (name)
        {
            case Wait:
                return new PairEnd(PairRole.Entry, Wait);
            case WaitEnd:
                return new PairEnd(PairRole.Exit, Wait);
            case Idle:
                return new PairEnd(PairRole.Entry, Idle) { IsPerCpu = true };
            case IdleEnd:
                return new PairEnd(PairRole.Exit, Idle) { IsPerCpu = true };
        }

        foreach ((string enter, string leave) in s_prefixes)
        {
            if (name.StartsWith(enter, StringComparison.Ordinal))
                return new PairEnd(PairRole.Entry, "sys_" + name[enter.Length..]);

            if (name.StartsWith(leave, StringComparison.Ordinal))
                return new PairEnd(PairRole.Exit, "sys_" + name[leave.Length..]);
        }

        foreach ((string entry, string exit) in s_suffixes)
        {
            if (name.Length > entry.Length && name.EndsWith(entry, StringComparison.Ordinal))
                return new PairEnd(PairRole.Entry, name[..^entry.Length]);

            if (name.Length > exit.Length && name.EndsWith(exit, StringComparison.Ordinal))
                return new PairEnd(PairRole.Exit, name[..^exit.Length]);
        }

        return PairEnd.None;
    }
}
