using System.CommandLine;
using Osprey.Session.Traces;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>The options that choose a trace and the form of the answer.</summary>
internal sealed class SourceOptions
{
    private readonly Argument<string> _path = new("tracefile")
    {
        Description = "The trace: a tracefile or an OSVT dump, told apart by content; - for standard input",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => "tracefile",
    };

    private readonly Option<bool> _compat = new("--compat")
    {
        Description = "Print byte for byte what OSv's trace.py prints, quirks included",
    };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON instead of text" };
    private readonly Option<bool> _noPager = new("--no-pager") { Description = "Do not page the output on a terminal" };

    private readonly TraceTarget _target;

    public SourceOptions(Command command, bool hasJson = true, bool hasPager = true)
    {
        _target = new TraceTarget(command);
        command.Arguments.Add(_path);
        command.Options.Add(_compat);
        if (hasJson)
            command.Options.Add(_json);

        if (hasPager)
            command.Options.Add(_noPager);
    }

    public string GetPath(ParseResult result) => result.GetValue(_path) ?? "tracefile";

    public bool IsPathGiven(ParseResult result) => result.GetResult(_path) is { Implicit: false };

    /// <summary>Opens the trace: a file, or what is in the rings of a guest.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="strayPath">A path that an option took as its own value; null for none.</param>
    public TraceSession Open(ParseResult result, string? strayPath) =>
        _target.Open(
            result,
            strayPath ?? GetPath(result),
            strayPath is not null || IsPathGiven(result),
            IsCompat(result)
        );

    public bool IsCompat(ParseResult result) => result.GetValue(_compat);

    public bool IsJson(ParseResult result) => result.GetValue(_json);

    public bool IsPaged(ParseResult result) => !result.GetValue(_noPager);
}
