using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Listings;
using Osprey.Session.Answers.Traces.Profiles;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Semantics;

namespace Osprey.Cli.Commands.Trace;

/// <summary>
/// The commands that draw a profile: <c>prof</c>, <c>prof-wait</c>, <c>prof-lock</c>, <c>prof-timed</c>,
/// <c>prof-idle</c>.
/// </summary>
internal static class ProfileCommands
{
    public static Command CreateHits() =>
        Create(
            new DocumentedCommand(
                "prof",
                "Show where samples come from: how often each stack was met",
                "osprey trace prof tracefile                           # all tracepoints, names from tracefile.symbols",
                "osprey trace prof -e loader.elf -t sched_wake -g thread",
                "osprey trace prof -rS --min-hits 5% --max-levels 3    # callers first, the big branches only"
            ),
            required: [],
            (scope, grouping, names) =>
                names is [var name] && !HasWildcard(name)
                    ? new HitProfile(scope, grouping, name)
                    : new HitProfile(scope, grouping),
            analysis => ((HitProfile)analysis).Profile
        );

    public static Command CreateWaits() =>
        Create(
            new DocumentedCommand(
                "prof-wait",
                "Show where threads spend time waiting (needs sched_wait, sched_wait_ret)",
                "osprey trace prof-wait -g thread --min-duration 10ms",
                "osprey trace prof-wait -rS --since 0.5 --period 500ms"
            ),
            required: [TracepointRole.Wait, TracepointRole.WaitEnd],
            (scope, grouping, _) =>
                new DurationProfile(
                    scope,
                    grouping,
                    tracepoint => scope.Semantics.RoleOf(tracepoint) == TracepointRole.Wait
                ),
            analysis => ((DurationProfile)analysis).Profile,
            hasTracepoints: false
        );

    public static Command CreateLocks() =>
        Create(
            new DocumentedCommand(
                "prof-lock",
                "Show where threads wait for mutexes (needs mutex_lock_wait, mutex_lock_wake)",
                "osprey trace prof-lock",
                "osprey trace prof-lock -g thread --min-duration 1ms"
            ),
            required: [TracepointRole.LockWait, TracepointRole.LockWaitEnd],
            (scope, grouping, _) =>
                new DurationProfile(
                    scope,
                    grouping,
                    tracepoint => scope.Semantics.RoleOf(tracepoint) == TracepointRole.LockWait
                ),
            analysis => ((DurationProfile)analysis).Profile,
            hasTracepoints: false
        );

    public static Command CreateTimed() =>
        Create(
            new DocumentedCommand(
                "prof-timed",
                "Show where the time of a timed tracepoint goes: from NAME to NAME_ret or NAME_err",
                "osprey trace prof-timed -t vfs_open",
                "osprey trace prof-timed -t 'vfs_*' -g thread"
            ),
            required: [],
            (scope, grouping, names) =>
                new DurationProfile(
                    scope,
                    grouping,
                    tracepoint => names.Any(name => new NamePattern(name).Matches(tracepoint.Name))
                ),
            analysis => ((DurationProfile)analysis).Profile,
            needsTracepoints: true
        );

    public static Command CreateIdle() =>
        Create(
            new DocumentedCommand(
                "prof-idle",
                "Show what threads wait for while their CPU is idle (needs sched_idle, sched_idle_ret, "
                    + "sched_wait, sched_wait_ret)",
                "osprey trace prof-idle -g cpu"
            ),
            required: [TracepointRole.Idle, TracepointRole.IdleEnd, TracepointRole.Wait, TracepointRole.WaitEnd],
            (scope, grouping, _) => new IdleProfile(scope, grouping),
            analysis => ((IdleProfile)analysis).Profile,
            hasTracepoints: false
        );

    private static DocumentedCommand Create(
        DocumentedCommand command,
        TracepointRole[] required,
        Func<AnalysisScope, ProfileGrouping, string[], TraceAnalysis> createAnalysis,
        Func<TraceAnalysis, StackProfile> profileOf,
        bool hasTracepoints = true,
        bool needsTracepoints = false
    )
    {
        var options = new TraceCommandOptions(new SourceOptions(command))
        {
            Time = new TimeOptions(command),
            Filter = new FilterOptions(command, isRequired: needsTracepoints, hasTracepoints: hasTracepoints),
            Symbols = new SymbolOptions(command),
        };
        var profileOptions = new ProfileOptions(command);
        command.SetAction(result =>
            TraceInvocation.Run(
                result,
                options,
                invocation =>
                {
                    Func<ProfileNode, ProfileNode, bool> filter = profileOptions.ReadFilter(
                        result,
                        invocation.IsCompat
                    );
                    string[] names = options.Filter.GetTracepoints(result);
                    TraceAnalysis analysis = createAnalysis(
                        invocation.Scope,
                        profileOptions.GetGrouping(result),
                        names
                    );
                    invocation.Analyse(analysis);
                    ProfileTreeOptions treeOptions = profileOptions.ReadTree(result, invocation.IsCompat);
                    StackProfile profile = profileOf(analysis);
                    IReadOnlyList<ProfileTree> trees = new ProfileTreeBuilder(
                        invocation.CreateStackSymbols(),
                        treeOptions
                    ).Build(profile);
                    invocation.Show(
                        ProfileAnswer.Shape,
                        new ProfileAnswer(trees, profile.Grouping, filter),
                        ProfileText.Write
                    );
                    if (trees.Count == 0)
                        FindNothing(invocation, required, needsTracepoints ? names : [], profile, treeOptions);
                    else if (!trees.Any(tree => filter(tree.Root, tree.Root)))
                        invocation.FindNothing("all of the profile is below --min-hits or --min-duration");
                }
            )
        );
        return command;
    }

    private static void FindNothing(
        TraceInvocation invocation,
        TracepointRole[] required,
        string[] timed,
        StackProfile profile,
        ProfileTreeOptions options
    )
    {
        if (profile.Stacks.Count > 0 && profile.Groups.Count > 0 && options.Function is not null)
        {
            invocation.FindNothing(NoSuchFunction(options.Function));
            return;
        }

        var present = invocation.Scope.Tracepoints.All.Select(tracepoint => tracepoint.Name).ToHashSet();
        TraceSemantics semantics = invocation.Scope.Semantics;
        // A name without wildcards that is there but cannot end, or is not there at all.
        IEnumerable<string> missing = timed
            .Where(name => !HasWildcard(name))
            .SelectMany<string, string>(name =>
                !present.Contains(name) ? [name]
                : semantics.ConventionalExits(name) is { Count: > 0 } exits && !exits.Any(present.Contains) ? [exits[0]]
                : []
            );
        invocation.FindNothing([
            .. required.SelectMany(semantics.NamesOf).Where(name => !present.Contains(name)),
            .. missing,
        ]);
    }

    /// <summary>The reason for an empty profile of one function.</summary>
    internal static string NoSuchFunction(string function) =>
        $"no stack goes through a function named '{function}' (names must match exactly)";

    private static bool HasWildcard(string name) => name.AsSpan().ContainsAny('*', '?');
}
