using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Pairs;

/// <summary>Which tracepoints begin and end something that takes time (trace-cli section 4).</summary>
/// <remarks>
/// By convention <c>X_ret</c> and <c>X_err</c> end what <c>X</c> began, on the same thread; the idle loop pairs per CPU
/// and the wait for a mutex has names of its own. The reference looks for <c>_ret</c> and <c>_err</c> anywhere in a
/// name (with <c>compat</c>) and knows an entry only after its first exit; here they end the name and the trace's
/// dictionary tells.
/// </remarks>
public sealed class PairRules
{
    private const string Mutex = "\0mutex";
    private const string Idle = "\0idle";

    private readonly bool _isCompat;
    private readonly List<Rule> _rules = [];
    private readonly Dictionary<string, int> _groups = [];
    private readonly List<bool> _exitSeen = [];
    private readonly TracepointTable _tracepoints;

    /// <param name="tracepoints">The trace's dictionary.</param>
    /// <param name="isCompat">Follow the reference.</param>
    public PairRules(TracepointTable tracepoints, bool isCompat)
    {
        _isCompat = isCompat;
        _tracepoints = tracepoints;
        if (isCompat)
            GroupOf(Mutex);

        foreach (Tracepoint tracepoint in tracepoints.All)
        {
            if (Classify(tracepoint.Name) is var (role, group) && role == PairRole.Exit)
                GroupOf(group);
        }

        foreach (Tracepoint tracepoint in tracepoints.All)
        {
            (PairRole role, string group) = Classify(tracepoint.Name);
            int number =
                role == PairRole.None ? -1
                : role == PairRole.Exit ? GroupOf(group)
                : _groups.GetValueOrDefault(group, -1);
            _rules.Add(
                number < 0 ? default : new Rule(role, number, tracepoint.Name is "sched_idle" or "sched_idle_ret")
            );
        }
    }

    /// <summary>What a sample of the tracepoint is, as far as the samples before it tell.</summary>
    public PairRole RoleOf(int tracepoint)
    {
        Rule rule = _rules[tracepoint];
        return _isCompat && rule.Role == PairRole.Entry && !_exitSeen[rule.Group] ? PairRole.None : rule.Role;
    }

    /// <summary>The number that both ends of a pair share, whichever objects their tracepoints are.</summary>
    internal int GroupOf(int tracepoint) => _rules[tracepoint].Group;

    /// <summary>Whether pairs of this tracepoint belong to a CPU and not to a thread.</summary>
    internal bool IsPerCpu(int tracepoint) => _rules[tracepoint].IsPerCpu;

    /// <summary>Notes that an exit was met.</summary>
    internal void NoteExit(int tracepoint) => _exitSeen[_rules[tracepoint].Group] = true;

    /// <summary>Whether an exit of the group was met.</summary>
    internal bool HasExit(int group) => _exitSeen[group];

    /// <summary>The name of a tracepoint.</summary>
    internal string NameOf(int tracepoint) => _tracepoints[tracepoint].Name;

    private (PairRole Role, string Group) Classify(string name)
    {
        if (name is "mutex_lock_wait")
            return (PairRole.Entry, Mutex);

        if (name is "mutex_lock_wake")
            return (PairRole.Exit, Mutex);

        if (name is "sched_idle")
            return (PairRole.Entry, Idle);

        if (name is "sched_idle_ret")
            return (PairRole.Exit, Idle);

        int suffix =
            _isCompat
                ? Math.Max(
                    name.LastIndexOf("_ret", StringComparison.Ordinal),
                    name.LastIndexOf("_err", StringComparison.Ordinal)
                )
            : name.EndsWith("_ret", StringComparison.Ordinal) || name.EndsWith("_err", StringComparison.Ordinal)
                ? name.Length - 4
            : -1;
        return suffix > 0 ? (PairRole.Exit, name[..suffix]) : (PairRole.Entry, name);
    }

    private int GroupOf(string group)
    {
        if (!_groups.TryGetValue(group, out int number))
        {
            number = _groups.Count;
            _groups.Add(group, number);
            // In the reference the mutex pair is known from the start, every other one from its first exit on.
            _exitSeen.Add(group == Mutex && _isCompat);
        }

        return number;
    }

    private readonly record struct Rule(PairRole Role, int Group, bool IsPerCpu);
}
