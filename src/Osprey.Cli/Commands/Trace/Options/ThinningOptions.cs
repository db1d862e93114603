using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>The options that leave out small and deep parts of a tree.</summary>
internal sealed partial class ThinningOptions
{
    private readonly Option<string> _minHits = new("--min-hits")
    {
        Description = "Hide nodes with fewer hits: a number, or a percentage such as 5%",
        HelpName = "N|P%",
    };
    private readonly Option<int> _maxLevels = new("--max-levels")
    {
        Description = "Show so many levels of the tree; 0 for all",
        HelpName = "N",
    };

    public ThinningOptions(Command command)
    {
        command.Options.Add(_minHits);
        command.Options.Add(_maxLevels);
    }

    public int ReadMaxLevels(ParseResult result, bool isCompat) =>
        OptionChecks.RequireNotNegative(_maxLevels, result.GetValue(_maxLevels), isCompat);

    /// <summary>The least number of hits, or the least percentage of them.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="isCompat">Whether the reference takes negative numbers.</param>
    /// <exception cref="InvalidArgumentsException">A percentage is malformed.</exception>
    /// <exception cref="UsageException">A number is malformed.</exception>
    public (double? Hits, double? Percent) ReadMinHits(ParseResult result, bool isCompat)
    {
        if (result.GetValue(_minHits) is not { Length: > 0 } text)
            return (null, null);

        if (text.EndsWith('%'))
        {
            Match match = PercentPattern().Match(text);
            return match.Success
                ? (null, double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
                : throw new InvalidArgumentsException("invalid format: " + text);
        }

        return
            long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long hits)
            && (hits >= 0 || isCompat)
            ? (hits, null)
            : throw new UsageException($"--min-hits: '{text}' is neither a number nor a percentage such as 5%");
    }

    [GeneratedRegex(@"^(\d+(?:\.\d*)?)%")]
    private static partial Regex PercentPattern();
}
