using System.CommandLine;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>The options for what a listing shows of each sample.</summary>
internal sealed class ListingOptions
{
    private readonly Option<bool> _backtrace = new("--backtrace", "-b") { Description = "Show backtraces" };
    private readonly Option<bool> _multiline = new("--multiline", "-l")
    {
        Description = "Show each frame of a backtrace on a line of its own",
    };
    private readonly Option<bool> _noHeader = new("--no-header") { Description = "Do not print the header" };

    public ListingOptions(Command command)
    {
        command.Options.Add(_backtrace);
        command.Options.Add(_multiline);
        command.Options.Add(_noHeader);
    }

    public bool HasBacktrace(ParseResult result) => result.GetValue(_backtrace);

    public bool IsMultiline(ParseResult result) => result.GetValue(_multiline);

    public bool HasHeader(ParseResult result) => !result.GetValue(_noHeader);
}
