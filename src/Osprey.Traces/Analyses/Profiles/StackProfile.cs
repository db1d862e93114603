using System.Runtime.InteropServices;

namespace Osprey.Traces.Analyses.Profiles;

/// <summary>Gathers samples by group and backtrace; frames are not resolved yet.</summary>
public sealed class StackProfile(ProfileGrouping grouping)
{
    private readonly Dictionary<ulong, int> _groupIndexes = [];
    private const int AnyTracepoint = -1;

    private readonly Dictionary<(int Group, int Stack, int Tracepoint), int> _entryIndexes = [];
    private readonly List<ProfileGroup> _groups = [];
    private bool _splitsTracepoints;
    private long _sequence;

    /// <summary>The backtraces.</summary>
    public StackTable Stacks { get; } = new();

    /// <summary>The groups in the order in which they were first met.</summary>
    public IReadOnlyList<ProfileGroup> Groups => _groups;

    /// <summary>The unit that there is one tree for.</summary>
    public ProfileGrouping Grouping => grouping;

    /// <summary>
    /// Keeps samples of different tracepoints apart, so that each entry knows its tracepoint. To be called before the
    /// first sample.
    /// </summary>
    public void SplitTracepoints() => _splitsTracepoints = true;

    /// <summary>Counts one sample.</summary>
    /// <param name="stack">Number of its backtrace in <see cref="Stacks"/>.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="duration">How long it lasted; zero for hits.</param>
    public void Add(int stack, in SampleOrigin origin, Duration duration)
    {
        ulong key = grouping switch
        {
            ProfileGrouping.Thread => origin.Thread,
            ProfileGrouping.Cpu => origin.Cpu,
            _ => 0,
        };
        ref int group = ref CollectionsMarshal.GetValueRefOrAddDefault(_groupIndexes, key, out bool known);
        if (!known)
        {
            group = _groups.Count;
            _groups.Add(new ProfileGroup(key, grouping == ProfileGrouping.Thread));
        }

        int tracepoint = _splitsTracepoints ? origin.Tracepoint : AnyTracepoint;
        ref int entry = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _entryIndexes,
            (group, stack, tracepoint),
            out known
        );
        if (!known)
            entry = _groups[group].Add(new ProfileEntry(stack, 0, default, _entryIndexes.Count, tracepoint));

        _groups[group].Hit(entry, duration, origin.ThreadName, _sequence++);
    }
}
