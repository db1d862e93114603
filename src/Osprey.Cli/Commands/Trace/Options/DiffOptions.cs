using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Comparison;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>The options of a comparison of two traces.</summary>
internal sealed class DiffOptions
{
    private const int DefaultLimit = 20;

    private readonly Option<string> _profile = new("--profile")
    {
        Description =
            "Compare profiles too: of all samples, of waits, of waits for mutexes, or of timed pairs (all, or "
            + "those of one entry's name or glob)",
        HelpName = "hits|wait|lock|timed[:NAME]",
    };
    private readonly Option<bool> _callers = new("--caller-oriented", "-r")
    {
        Description = "Grow the profile from the outermost caller inwards",
    };
    private readonly Option<string> _function = new("--function")
    {
        Description = "Only stacks through this function, from it on",
        HelpName = "NAME",
    };
    private readonly Option<int> _maxLevels = new("--max-levels")
    {
        Description = "Compare so many levels of the profile; 0 for all",
        HelpName = "N",
    };
    private readonly Option<bool> _relative = new("--relative")
    {
        Description = "Count --since and --until from each trace's own first sample",
    };
    private readonly Option<bool> _absolute = new("--absolute")
    {
        Description = "Compare counts and sums as they are, not for each second of the traces",
    };
    private readonly Option<long> _minCount = new("--min-count")
    {
        Description = "Leave out what both traces have fewer times: a change from 1 to 2 says little",
        HelpName = "N",
    };
    private readonly Option<int?> _limit = new("--limit")
    {
        Description =
            $"Show so many rows of each table and nodes of the profile; 0 for all (default {DefaultLimit}; "
            + "with --json all)",
        HelpName = "N",
    };
    private readonly Option<string> _failOver = new("--fail-over")
    {
        Description =
            "Exit with 1 when the samples of a tracepoint, a 50% or 99% duration, a total, or the profile as a "
            + "whole grew by more",
        HelpName = "P%",
    };
    private readonly Option<string> _exeB = new("--exe-b")
    {
        Description = "The ELF file of B, when it is another than that of -e",
        HelpName = "PATH",
    };
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print one JSON object instead of text; durations in nanoseconds",
    };

    public DiffOptions(Command command)
    {
        command.AddOptions(
            _profile,
            _callers,
            _function,
            _maxLevels,
            _relative,
            _absolute,
            _minCount,
            _limit,
            _failOver,
            _exeB,
            _json
        );
    }

    public bool IsCallerOriented(ParseResult result) => result.GetValue(_callers);

    public string? GetFunction(ParseResult result) =>
        result.GetValue(_function) is { Length: > 0 } function ? function : null;

    public int ReadMaxLevels(ParseResult result) =>
        OptionChecks.RequireNotNegative(_maxLevels, result.GetValue(_maxLevels), isCompat: false);

    public bool IsRelative(ParseResult result) => result.GetValue(_relative);

    public bool IsAbsolute(ParseResult result) => result.GetValue(_absolute);

    public long ReadMinCount(ParseResult result) =>
        OptionChecks.RequireNotNegative(_minCount, result.GetValue(_minCount), isCompat: false);

    public bool IsJson(ParseResult result) => result.GetValue(_json);

    public string? GetExeB(ParseResult result) => result.GetValue(_exeB);

    /// <summary>Returns the number of rows that are shown; 0 for all.</summary>
    public int ReadLimit(ParseResult result)
    {
        int limit = result.GetValue(_limit) ?? (IsJson(result) ? 0 : DefaultLimit);
        return limit >= 0 ? limit : throw new UsageException($"--limit: {limit} is negative");
    }

    public ComparedProfile? ReadProfile(ParseResult result)
    {
        string? text = result.GetValue(_profile);
        return text switch
        {
            null => null,
            "hits" => new ComparedProfile(ComparedProfileKind.Hits),
            "wait" => new ComparedProfile(ComparedProfileKind.Wait),
            "lock" => new ComparedProfile(ComparedProfileKind.Lock),
            "timed" => new ComparedProfile(ComparedProfileKind.Timed),
            _ when text.StartsWith("timed:", StringComparison.Ordinal) && text.Length > "timed:".Length =>
                new ComparedProfile(ComparedProfileKind.Timed, new NamePattern(text["timed:".Length..])),
            _ => throw new UsageException(
                $"--profile: '{text}' is not a profile; expected hits, wait, lock, timed or timed:NAME"
            ),
        };
    }

    /// <summary>The growth that is too much, as a fraction; null when any is fine.</summary>
    public double? ReadFailOver(ParseResult result)
    {
        if (result.GetValue(_failOver) is not string text)
            return null;

        return
            text.EndsWith('%')
            && double.TryParse(
                text.AsSpan(0, text.Length - 1),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out double percent
            )
            ? percent / 100
            : throw new UsageException($"--fail-over: '{text}' is not a percentage such as 20%");
    }
}
