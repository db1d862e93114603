using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Traces.Profiles;
using Osprey.Session.Traces;
using Osprey.Traces.Analyses.Memory;
using Osprey.Traces.Semantics;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace memory-analyzer</c>: what was allocated, from where, and how much of it is waste.</summary>
internal static class MemoryAnalyzerCommand
{
    private static readonly string[] s_keys = ["allocator", "alignment", "allocated", "requested"];

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "memory-analyzer",
            "Show allocations by allocator, alignment and size (needs memory_malloc_mempool, _large, _page)",
            "osprey trace memory-analyzer -s unused                # the most wasteful first",
            "osprey trace memory-analyzer tracefile -g allocator requested --no-backtrace"
        );
        var options = new TraceCommandOptions(new SourceOptions(command))
        {
            Time = new TimeOptions(command),
            Filter = new FilterOptions(command, hasTracepoints: false),
            Symbols = new SymbolOptions(command),
        };
        var minCount = new Option<long>("--min-count")
        {
            Description = "Hide groups with fewer allocations",
            HelpName = "N",
        };
        var sort = new Option<string>("--sort", "-s")
        {
            Description = "Order of groups: by size (default), most first, or most unused first",
            HelpName = "count|size|unused",
        };
        sort.AcceptOnlyFromAmong("count", "size", "unused");
        var groupBy = new Option<string[]>("--group-by", "-g")
        {
            Description =
                "What to group by, outermost first: any of allocator alignment allocated requested (default: all four)",
            HelpName = "KEY...",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.ZeroOrMore,
        };
        groupBy.CompletionSources.Add(s_keys);
        var noBacktrace = new Option<bool>("--no-backtrace") { Description = "Do not show backtraces" };
        command.AddOptions(minCount, sort, groupBy, noBacktrace);

        var thinning = new ThinningOptions(command);
        options = options with
        {
            NeedsSymbols = result => !result.GetValue(noBacktrace) || options.Source.IsCompat(result),
            FindStrayPath = result => options.Source.IsPathGiven(result) ? null : FindStray(result.GetValue(groupBy)),
        };
        command.SetAction(result =>
        {
            IReadOnlyList<AllocationKey> keys = result.GetResult(groupBy) is null
                ? Enum.GetValues<AllocationKey>()
                : ReadKeys(result.GetValue(groupBy) ?? [], options.FindStrayPath(result), CommandPath.Of(result));
            return TraceInvocation.Run(
                result,
                options,
                invocation =>
                {
                    (double? hits, double? percent) = thinning.ReadMinHits(result, invocation.IsCompat);
                    var thresholds = new AllocationThresholds(
                        OptionChecks.RequireNotNegative(minCount, result.GetValue(minCount), invocation.IsCompat),
                        hits,
                        percent
                    );
                    var analysis = new AllocationAnalysis(invocation.Scope, withStacks: !result.GetValue(noBacktrace));
                    invocation.Analyse(analysis);
                    var builder = new AllocationTreeBuilder(
                        invocation.CreateStackSymbols(),
                        keys,
                        thinning.ReadMaxLevels(result, invocation.IsCompat),
                        invocation.IsCompat
                    );
                    AllocationGroup root = builder.Build(analysis);
                    var view = new AllocationView(result.GetValue(sort) ?? "size", thresholds);
                    invocation.Show(
                        AllocationGroupRow.Shape,
                        new AllocationGroupRow(root, view),
                        analysis.Count > 0 || invocation.IsCompat ? AllocationText.Write : (_, _) => { }
                    );
                    if (analysis.Count == 0)
                        invocation.FindNothing(
                            analysis.HasTracepoint ? [] : invocation.Scope.Semantics.NamesOf(TracepointRole.Allocation)
                        );
                }
            );
        });
        return command;
    }

    /// <summary>
    /// The trace, when it stands behind the keys: the last word, which is no key but a file or standard input.
    /// </summary>
    private static string? FindStray(string[]? words) =>
        words is [.., var last] && !s_keys.Contains(last) && (last == TraceSession.StandardInput || File.Exists(last))
            ? last
            : null;

    /// <exception cref="UsageException">A word is no key.</exception>
    private static AllocationKey[] ReadKeys(string[] words, string? stray, string path)
    {
        string[] names = stray is null ? words : words[..^1];
        string keys = string.Join(", ", s_keys.Order(StringComparer.Ordinal));
        return
        [
            .. names.Select(name =>
                Array.IndexOf(s_keys, name) is >= 0 and int key
                    ? (AllocationKey)key
                    : throw new UsageException(
                        words.Length == 1
                            ? $"--group-by: '{name}' is none of {keys} (see '{path} --help')"
                            : $"--group-by: '{name}' is neither a key ({string.Join(", ", s_keys)}) nor a trace; a "
                                + "trace is best put in front of -g"
                    )
            ),
        ];
    }
}
