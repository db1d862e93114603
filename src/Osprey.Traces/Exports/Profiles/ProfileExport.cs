using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Exports.Profiles;

/// <summary>Gathers a profile and hands its stacks on, group by group, the heaviest group first.</summary>
/// <remarks>Memory holds the distinct stacks; nothing is written before the end.</remarks>
public abstract class ProfileExport : TraceExport
{
    private readonly TraceAnalysis _analysis;
    private readonly StackProfile _profile;
    private readonly StackSymbols _symbols;
    private readonly TracepointTable _tracepoints;

    /// <param name="scope">What counts; for timed samples the filter names the tracepoints, too.</param>
    /// <param name="symbols">Names the frames.</param>
    /// <param name="source">What the profile is made of.</param>
    /// <param name="grouping">What there is one group for.</param>
    private protected ProfileExport(
        AnalysisScope scope,
        StackSymbols symbols,
        ProfileSource source,
        ProfileGrouping grouping
    )
    {
        _symbols = symbols;
        IsTimed = source != ProfileSource.Hits;
        _tracepoints = scope.Tracepoints;
        (_analysis, _profile) = Create(scope, source, grouping);
        _profile.SplitTracepoints();
    }

    /// <summary>Tells whether weights are nanoseconds; otherwise they are hits.</summary>
    protected bool IsTimed { get; }

    /// <summary>The names of the tracepoints that a profile cannot do without.</summary>
    /// <param name="source">The profile.</param>
    /// <param name="semantics">The names' meaning.</param>
    public static IReadOnlyList<string> RequiredTracepoints(ProfileSource source, TraceSemantics semantics) =>
        [.. RequiredRoles(source).SelectMany(semantics.NamesOf)];

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample) => _analysis.Add(sample);

    /// <inheritdoc/>
    public override void Finish()
    {
        _analysis.Finish();
        var groups = _profile
            .Groups.OrderByDescending(group =>
                group.Entries.Aggregate(Int128.Zero, (sum, entry) => sum + WeightOf(entry))
            )
            .ThenBy(group => group.Entries[0].Order);
        foreach (ProfileGroup group in groups)
        {
            StartGroup(group.Describe(_profile.Grouping));
            foreach (ProfileEntry entry in group.Entries)
            {
                StackFrames frames = _symbols.Resolve(_profile.Stacks[entry.Stack]).WithoutMachinery();
                if (frames.Frames.Count == 0)
                    continue;

                Write(frames.Reversed(), _tracepoints[entry.Tracepoint].Name, entry.Hits, WeightOf(entry));
                Count++;
            }
        }

        Complete();
    }

    /// <summary>Starts a group.</summary>
    /// <param name="name">Of the thread or the CPU; null when there is but one group.</param>
    protected abstract void StartGroup(string? name);

    /// <summary>Writes a stack of the group.</summary>
    /// <param name="frames">The functions, outermost first.</param>
    /// <param name="tracepoint">The tracepoint that the innermost function met: the stack's leaf.</param>
    /// <param name="hits">The number of samples.</param>
    /// <param name="weight">How much the stack counts.</param>
    protected abstract void Write(StackFrames frames, string tracepoint, long hits, long weight);

    /// <summary>Says that this was all.</summary>
    protected abstract void Complete();

    private static TracepointRole[] RequiredRoles(ProfileSource source) =>
        source switch
        {
            ProfileSource.Wait => [TracepointRole.Wait, TracepointRole.WaitEnd],
            ProfileSource.Lock => [TracepointRole.LockWait, TracepointRole.LockWaitEnd],
            ProfileSource.Idle =>
            [
                TracepointRole.Idle,
                TracepointRole.IdleEnd,
                TracepointRole.Wait,
                TracepointRole.WaitEnd,
            ],
            _ => [],
        };

    private static (TraceAnalysis Analysis, StackProfile Profile) Create(
        AnalysisScope scope,
        ProfileSource source,
        ProfileGrouping grouping
    )
    {
        switch (source)
        {
            case ProfileSource.Hits:
                var hits = new HitProfile(scope, grouping);
                return (hits, hits.Profile);
            case ProfileSource.Idle:
                var idle = new IdleProfile(scope, grouping);
                return (idle, idle.Profile);
            default:
                TracepointRole[] roles = RequiredRoles(source);
                var durations = new DurationProfile(
                    scope,
                    grouping,
                    tracepoint => roles.Length == 0 || scope.Semantics.RoleOf(tracepoint) == roles[0]
                );
                return (durations, durations.Profile);
        }
    }

    private long WeightOf(ProfileEntry entry) =>
        IsTimed ? long.CreateSaturating(entry.Duration.Nanoseconds) : entry.Hits;
}
