using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Pairs;

/// <summary>The tracepoints of a trace that begin and end something that takes time.</summary>
/// <remarks>
/// The semantics tells entries and exits by their names. The reference (in compat mode) knows an entry only after the
/// first exit of its group; here the trace's dictionary tells.
/// </remarks>
internal sealed class PairRules
{
    private readonly bool _isCompat;
    private readonly List<Rule> _rules = [];
    private readonly Dictionary<string, int> _groups = [];
    private readonly List<bool> _exitSeen = [];
    private readonly TracepointTable _tracepoints;

    /// <param name="scope">The dictionary, its semantics, and whether to follow the reference.</param>
    public PairRules(AnalysisScope scope)
    {
        _isCompat = scope.IsCompat;
        _tracepoints = scope.Tracepoints;
        PairEnd[] ends = [.. _tracepoints.All.Select(tracepoint => scope.Semantics.EndOf(tracepoint.Name, _isCompat))];
        foreach (PairEnd end in ends)
        {
            if (end.Role == PairRole.Exit || end.IsAlwaysKnown)
                NumberOf(end);
        }

        foreach (PairEnd end in ends)
        {
            int number = end.Role == PairRole.None ? -1 : _groups.GetValueOrDefault(end.Group, -1);
            _rules.Add(number < 0 ? default : new Rule(end.Role, number, end.IsPerCpu));
        }
    }

    /// <summary>Tells which end a sample of the tracepoint is, as far as the samples before it tell.</summary>
    public PairRole RoleOf(int tracepoint)
    {
        Rule rule = _rules[tracepoint];
        return _isCompat && rule.Role == PairRole.Entry && !_exitSeen[rule.Group] ? PairRole.None : rule.Role;
    }

    /// <summary>The number that both ends of a pair share, whichever objects their tracepoints are.</summary>
    internal int GroupOf(int tracepoint) => _rules[tracepoint].Group;

    /// <summary>Tells whether pairs of this tracepoint belong to a CPU and not to a thread.</summary>
    internal bool IsPerCpu(int tracepoint) => _rules[tracepoint].IsPerCpu;

    /// <summary>Notes that an exit was met.</summary>
    internal void NoteExit(int tracepoint) => _exitSeen[_rules[tracepoint].Group] = true;

    /// <summary>Tells whether an exit of the group was met.</summary>
    internal bool HasExit(int group) => _exitSeen[group];

    /// <summary>The name of a tracepoint.</summary>
    internal string NameOf(int tracepoint) => _tracepoints[tracepoint].Name;

    private void NumberOf(PairEnd end)
    {
        if (_groups.TryAdd(end.Group, _groups.Count))
            _exitSeen.Add(end.IsAlwaysKnown);
    }

    private readonly record struct Rule(PairRole Role, int Group, bool IsPerCpu);
}
