using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Listings;
using Osprey.Cli.Rendering.Streams;
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
        var profileOptions = new ProfileOptions(command);
        command.SetAction(result =>
            TraceInvocation.Run(
                result,
                options,
                invocation =>
                {
                    string[] names = options.Filter.GetTracepoints(result);
                    var analysis = new HitProfile(
                        invocation.Scope,
                        ProfileGrouping.None,
                        invocation.IsCompat && names is [var name] ? name : null
                    );
                    if (!invocation.IsCompat)
                        analysis.Profile.SplitTracepoints();

                    (double? hits, double? percent) = profileOptions.Thinning.ReadMinHits(result);
                    invocation.Analyse(analysis);
                    FoldedStacks folded = FoldedStacks.Build(
                        analysis.Profile,
                        invocation.CreateStackSymbols(),
                        profileOptions.ReadTree(result, invocation.IsCompat),
                        invocation.IsCompat ? null : invocation.Scope.Tracepoints
                    );
                    double least = hits ?? (percent is double share ? folded.Total * share / 100 : 0);
                    FoldedText.Write(invocation.Output, folded, least, invocation.IsJson);
                    if (!invocation.IsCompat && folded.Stacks.Count == 0)
                        Messages.Write(NothingToShow.Because(invocation.Session.Reader, []));
                }
            )
        );
        return command;
    }
}
