using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Traces.Analyses;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>The options that choose samples by tracepoint, thread and CPU.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string[]>? _tracepoints;
    private readonly Option<string[]> _threads = new("--thread")
    {
        Description = "Only these threads: a name, a glob or an address (0x...); may be repeated",
        HelpName = "THREAD",
    };
    private readonly Option<string[]> _cpus = new("--cpu")
    {
        Description = "Only these CPUs: numbers and ranges, such as 0,2-3",
        HelpName = "CPUS",
    };
    private readonly bool _isPrefix;

    /// <param name="command">Gets the options.</param>
    /// <param name="isPrefix">
    /// Whether, for the reference, a tracepoint without wildcards stands for all that begin with it.
    /// </param>
    /// <param name="isRequired">Whether tracepoints must be given.</param>
    /// <param name="hasTracepoints">Whether tracepoints can be given at all.</param>
    public FilterOptions(Command command, bool isPrefix = false, bool isRequired = false, bool hasTracepoints = true)
    {
        using var group = OptionGroup.Begin(command, OptionGroup.Samples);
        _isPrefix = isPrefix;
        if (hasTracepoints)
        {
            _tracepoints = new Option<string[]>("--tracepoint", "-t")
            {
                Description =
                    "Only tracepoints of this name or glob"
                    + (isPrefix ? " (with --compat, all that begin with it)" : "")
                    + "; may be repeated",
                HelpName = "NAME",
                Required = isRequired,
                Arity = ArgumentArity.OneOrMore,
                AllowMultipleArgumentsPerToken = false,
            };
            command.Options.Add(_tracepoints);
        }

        _threads.AllowMultipleArgumentsPerToken = false;
        command.Options.Add(_threads);
        command.Options.Add(_cpus);
    }

    /// <summary>The tracepoints as the user wrote them.</summary>
    public string[] GetTracepoints(ParseResult result) =>
        _tracepoints is null ? [] : result.GetValue(_tracepoints) ?? [];

    /// <summary>Reads the filter.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="isCompat">Whether to follow the reference.</param>
    /// <param name="more">More tracepoints that are wanted.</param>
    public SampleFilter Read(ParseResult result, bool isCompat = false, IReadOnlyList<string>? more = null)
    {
        string[] tracepoints = [.. GetTracepoints(result), .. more ?? []];
        string[] threads = result.GetValue(_threads) ?? [];
        string[] cpus = result.GetValue(_cpus) ?? [];
        CpuSet? set = null;
        if (cpus.Length > 0)
        {
            string text = string.Join(',', cpus);
            set =
                CpuSet.TryParse(text)
                ?? throw new UsageException($"--cpu: '{text}' is not a list of CPUs such as 0,2-3");
        }

        return tracepoints.Length == 0 && threads.Length == 0 && set is null
            ? SampleFilter.None
            : new SampleFilter(
                tracepoints.Where(text => text.Length > 0).Select(text => new NamePattern(text, _isPrefix && isCompat)),
                threads.Select(text => new NamePattern(text)),
                set
            );
    }
}
