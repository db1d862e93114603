using System.CommandLine;
using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Text;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>The options that group, turn and thin out a profile.</summary>
internal sealed class ProfileOptions
{
    private readonly Option<bool> _callers = new("--caller-oriented", "-r")
    {
        Description = "Grow the tree from the outermost caller inwards",
    };
    private readonly Option<string> _group = new("--group-by", "-g")
    {
        Description = "One tree a thread or a CPU",
        HelpName = "thread|cpu|none",
    };
    private readonly Option<string> _function = new("--function")
    {
        Description = "Only stacks through this function, from it on",
        HelpName = "NAME",
    };
    private readonly Option<string> _minDuration = new("--min-duration")
    {
        Description = "Hide nodes shorter than this [ns, or with a unit]",
        HelpName = "DURATION",
    };

    /// <param name="command">Gets the options.</param>
    /// <param name="isFolded">Whether the profile is printed as folded stacks of hits, which have no duration.</param>
    public ProfileOptions(Command command, bool isFolded = false)
    {
        if (isFolded)
        {
            _callers.Description = "With --function: the frames from it inwards instead of outwards";
            _group.Description = "The thread or CPU as the outermost frame";
            _minDuration.Hidden = true; // of the reference, which ignores it
        }

        _group.AcceptOnlyFromAmong("thread", "cpu", "none");
        command.Options.Add(_callers);
        command.Options.Add(_group);
        command.Options.Add(_function);
        command.Options.Add(_minDuration);
        Thinning = new ThinningOptions(command);
    }

    public ThinningOptions Thinning { get; }

    public ProfileGrouping GetGrouping(ParseResult result) =>
        result.GetValue(_group) switch
        {
            "thread" => ProfileGrouping.Thread,
            "cpu" => ProfileGrouping.Cpu,
            _ => ProfileGrouping.None,
        };

    public ProfileTreeOptions ReadTree(ParseResult result, bool isCompat) =>
        new()
        {
            CallerOriented = result.GetValue(_callers),
            Function = result.GetValue(_function) is { Length: > 0 } function ? function : null,
            MaxLevels = Thinning.ReadMaxLevels(result, isCompat),
            IsCompat = isCompat,
        };

    /// <summary>Returns a function that says whether a node is shown; it is told the tree's root.</summary>
    public Func<ProfileNode, ProfileNode, bool> ReadFilter(ParseResult result, bool isCompat)
    {
        double minDuration = ReadMinDuration(result, isCompat);
        (double? hits, double? percent) = Thinning.ReadMinHits(result, isCompat);
        return (node, root) =>
            node.Duration.Total >= minDuration
            && (hits is not double least || node.Hits >= least)
            && (percent is not double leastPercent || (double)node.Hits / root.Hits * 100 >= leastPercent);
    }

    public bool HasMinDuration(ParseResult result) => result.GetValue(_minDuration) is { Length: > 0 };

    private double ReadMinDuration(ParseResult result, bool isCompat)
    {
        if (result.GetValue(_minDuration) is not { Length: > 0 } text)
            return double.NegativeInfinity;

        double rounded = 0;
        decimal exact = 0;
        bool isDuration = isCompat
            ? TimeParser.TryParseAsReference(text, "ns", out rounded)
            : TimeParser.TryParse(text, "ns", out exact);
        return !isDuration || (!isCompat && exact < 0)
                ? throw new UsageException(
                    $"--min-duration: '{text}' is not a duration; expected a number with an optional unit, such as 10ms"
                )
            : isCompat ? rounded
            : (double)exact;
    }
}
