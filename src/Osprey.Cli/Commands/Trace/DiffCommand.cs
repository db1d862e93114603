using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Listings;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Traces.Summaries;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Changes;
using Osprey.Session.Traces.Names;
using Osprey.Traces.Analyses.Comparison;
using Osprey.Traces.Analyses.Profiles;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace diff</c>: what differs between two traces.</summary>
internal static class DiffCommand
{
    private const int ShownGrowth = 10;

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "diff",
            "Compare two traces: counts, durations and profiles side by side, the biggest change first. Exits "
                + "with 0 when they differ, too (but see --fail-over)",
            "osprey trace diff before after",
            "osprey trace diff before after --profile wait --relative --since 1 --period 2s",
            "osprey trace diff -t 'vfs_*' --min-count 100 --fail-over 20% before after   # in CI: exit code 1 "
                + "when it got slower"
        );
        Argument<string> pathA = TracefileArgument.Create("A", hasDefault: false);
        Argument<string> pathB = TracefileArgument.Create("B", hasDefault: false);
        command.Arguments.Add(pathA);
        command.Arguments.Add(pathB);
        var target = new TraceTarget(command, "in place of B");
        var options = new DiffOptions(command);
        var time = new TimeOptions(command);
        var filter = new FilterOptions(command);
        var symbols = new SymbolOptions(command);
        command.SetAction(result =>
        {
            try
            {
                SymbolSettings settings = symbols.ReadSettings(result);
                var request = new ComparisonRequest
                {
                    Range = time.Read(result, isCompat: false),
                    IsRelative = options.IsRelative(result),
                    Filter = filter.Read(result),
                    IsAbsolute = options.IsAbsolute(result),
                    MinCount = options.ReadMinCount(result),
                    Profile = options.ReadProfile(result),
                    Tree = new ProfileTreeOptions
                    {
                        CallerOriented = options.IsCallerOriented(result),
                        Function = options.GetFunction(result),
                        MaxLevels = options.ReadMaxLevels(result),
                    },
                    FrameText = symbols.ReadTextOptions(result, isCompat: false),
                    SymbolsA = settings,
                    SymbolsB = options.GetExeB(result) is string exe ? settings with { ElfPath = exe } : settings,
                };
                string? fileB = target.IsGiven(result) ? result.GetValue(pathB) : Require(result, pathB);
                return Run(
                    Require(result, pathA),
                    fileB,
                    () => target.Open(result, fileB ?? "", fileB is not null),
                    request,
                    options,
                    result
                );
            }
            catch (InvalidArgumentsException exception)
            {
                throw new UsageException(exception.Message);
            }
        });
        return command;
    }

    // Not required by the parser, which would then refuse to show the help without them.
    private static string Require(ParseResult result, Argument<string> path) =>
        result.GetValue(path) ?? throw new UsageException("two traces are needed: osprey trace diff A B");

    private static int Run(
        string pathA,
        string? pathB,
        Func<TraceSession> openB,
        ComparisonRequest request,
        DiffOptions options,
        ParseResult result
    )
    {
        int limit = options.ReadLimit(result);
        double? failOver = options.ReadFailOver(result);
        if (pathA == TraceSession.StandardInput && pathB == TraceSession.StandardInput)
            throw new UsageException("A and B cannot both be read from standard input");

        using TraceSession a = TraceSession.Open(pathA, standardInput: StandardStreams.OpenInput);
        using TraceSession b = openB();
        TraceComparison comparison = TraceComparison.Run(a, b, request, Messages.Write);
        using var output = new Output(paged: false);
        var answer = new ComparisonAnswer(comparison, limit, failOver);
        if (options.IsJson(result))
            JsonAnswers.Write(output, ComparisonAnswer.Shape, answer);
        else
            ComparisonText.Write(answer, output);

        output.Flush();
        bool isWhole = LossReport.Write(a.Reader, isQuiet: true) & LossReport.Write(b.Reader, isQuiet: true);
        bool isTooMuch = failOver is double fraction && ReportGrowth(comparison, fraction);
        string[] unmatched =
        [
            .. FilterCheck.CheckTracepoints(request.Filter, a, b),
            .. FilterCheck.CheckSamples(request.Filter, a, b),
        ];
        foreach (string message in unmatched)
            Messages.Write("osprey: " + message);

        return isWhole && !isTooMuch && unmatched.Length == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static bool ReportGrowth(TraceComparison comparison, double fraction)
    {
        (string What, Change Change)[] grown = [.. comparison.EnumerateGrowth(fraction)];
        foreach ((string what, Change change) in grown.Take(ShownGrowth))
            Messages.Write(
                $"osprey: grew by more than {fraction * 100:0.###}%: {what} ({ComparisonText.Percent(change)})"
            );

        if (grown.Length > ShownGrowth)
            Messages.Write($"osprey: ... and {grown.Length - ShownGrowth} more");

        return grown.Length > 0;
    }
}
