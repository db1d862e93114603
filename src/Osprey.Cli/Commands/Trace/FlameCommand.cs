using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Text;
using Osprey.Traces.Analyses.Profiles;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace prof-flame</c>: folded stacks for flame graphs.</summary>
internal static class FlameCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "prof-flame",
            "Print folded stacks, the input of flame graph tools: frames joined by ';', then the count",
            "osprey trace prof-flame tracefile > out.folded        # open in speedscope.app, or flamegraph.pl "
                + "out.folded > out.svg",
            "osprey trace prof-flame -e loader.elf -t sampler_tick"
        );
        var options = new TraceCommandOptions(new SourceOptions(command))
        {
            Time = new TimeOptions(command),
            Filter = new FilterOptions(command),
            Symbols = new SymbolOptions(command),
        };
        var profileOptions = new ProfileOptions(command, isFolded: true);
        command.SetAction(result =>
            TraceInvocation.Run(
                result,
                options,
                invocation =>
                {
                    if (invocation.IsCompat)
                        WriteAsReference(invocation, options, profileOptions, result);
                    else
                        Write(invocation, profileOptions, result);
                }
            )
        );
        return command;
    }

    private static void Write(TraceInvocation invocation, ProfileOptions options, ParseResult result)
    {
        if (options.HasMinDuration(result))
            throw new UsageException(
                "--min-duration says nothing to prof-flame, which counts hits (osprey trace export --to folded "
                    + "--what wait has durations)"
            );

        ProfileTreeOptions tree = options.ReadTree(result, isCompat: false);
        var analysis = new HitProfile(invocation.Scope, options.GetGrouping(result));
        analysis.Profile.SplitTracepoints();
        invocation.Analyse(analysis);
        FoldedStacks folded = FoldedStacks.Build(
            analysis.Profile,
            invocation.CreateStackSymbols(),
            tree,
            invocation.Scope.Tracepoints
        );
        FoldedText.Write(invocation.Output, folded, ReadLeastHits(options, result, folded, false), invocation.IsJson);
        if (folded.Stacks.Count > 0)
            return;

        if (tree.Function is not null && analysis.Profile.Stacks.Count > 0)
            invocation.FindNothing(ProfileCommands.NoSuchFunction(tree.Function));
        else
            invocation.FindNothing();
    }

    private static void WriteAsReference(
        TraceInvocation invocation,
        TraceCommandOptions options,
        ProfileOptions profileOptions,
        ParseResult result
    )
    {
        var analysis = new HitProfile(
            invocation.Scope,
            ProfileGrouping.None,
            options.Filter!.GetTracepoints(result) is [var name] ? name : null
        );
        _ = profileOptions.Thinning.ReadMinHits(result, isCompat: true);
        invocation.Analyse(analysis);
        FoldedStacks folded = FoldedStacks.Build(
            analysis.Profile,
            invocation.CreateStackSymbols(),
            profileOptions.ReadTree(result, isCompat: true)
        );
        FoldedText.Write(
            invocation.Output,
            folded,
            ReadLeastHits(profileOptions, result, folded, true),
            invocation.IsJson
        );
    }

    private static double ReadLeastHits(ProfileOptions options, ParseResult result, FoldedStacks folded, bool isCompat)
    {
        (double? hits, double? percent) = options.Thinning.ReadMinHits(result, isCompat);
        return hits ?? (percent is double share ? folded.Total * share / 100 : 0);
    }
}
