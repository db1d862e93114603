using System.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Listings;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Names;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Pairs;

namespace Osprey.Cli.Commands.Trace;

/// <summary>
/// One run of a command over one trace: the open trace, what counts of it, and where the answer goes.
/// </summary>
internal sealed class TraceInvocation : IDisposable
{
    private readonly ParseResult _result;
    private readonly SymbolOptions? _symbolOptions;
    private readonly SymbolSession? _symbols;
    private readonly string? _rangeHint;
    private StackSymbols? _stackSymbols;
    private Func<string?>? _nothing;

    private TraceInvocation(
        ParseResult result,
        TraceCommandOptions options,
        TimeRange range,
        SampleFilter filter,
        bool paged
    )
    {
        _result = result;
        _symbolOptions = options.Symbols;
        IsCompat = options.Source.IsCompat(result);
        IsJson = options.Source.IsJson(result);
        _rangeHint = options.Time?.ExplainPeriod(result);
        Session = options.Source.Open(result, options.FindStrayPath(result));
        try
        {
            Scope = Session.CreateScope(range, filter);
            if (options.Symbols is not null && options.NeedsSymbols(result))
                _symbols = SymbolSession.Open(options.Symbols.ReadSettings(result), Session);
        }
        catch
        {
            Session.Dispose();
            throw;
        }

        Output = new Output(paged && options.Source.IsPaged(result))
        {
            WantsFullNames = IsCompat || options.Symbols?.WantsFullNames(result) != false,
        };
    }

    public bool IsCompat { get; }

    public bool IsJson { get; }

    public TraceSession Session { get; }

    public AnalysisScope Scope { get; }

    public Output Output { get; }

    /// <summary>Runs a command's body over the trace that its options name.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="options">The command's options.</param>
    /// <param name="body">Runs the analysis and writes the answer.</param>
    /// <param name="paged">Whether the output may be long.</param>
    public static int Run(
        ParseResult result,
        TraceCommandOptions options,
        Action<TraceInvocation> body,
        bool paged = true
    )
    {
        bool isCompat = options.Source.IsCompat(result);
        try
        {
            TimeOptions? time = isCompat && options.IgnoresTimeInCompat ? null : options.Time;
            TimeRange range = time?.Read(result, isCompat) ?? (isCompat ? TimeRange.AllCompat : TimeRange.All);
            SampleFilter filter = options.Filter?.Read(result, isCompat) ?? SampleFilter.None;
            using var invocation = new TraceInvocation(result, options, range, filter, paged);
            return invocation.Execute(body);
        }
        catch (InvalidArgumentsException exception)
        {
            if (!isCompat)
                throw new UsageException(exception.Message);

            using var output = new Output(paged: false);
            output.Text.Append($"Invalid arguments: {exception.Message}\n");
            output.Flush();
            return ExitCode.Success;
        }
    }

    /// <summary>Names for the frames of backtraces, as the options ask for them.</summary>
    public StackSymbols CreateStackSymbols() =>
        _stackSymbols ??= new(
            _symbols?.Source,
            _symbolOptions?.ReadTextOptions(_result, IsCompat) ?? new FrameTextOptions(IsCompat: IsCompat),
            Scope.Semantics
        );

    /// <summary>Gets whether names must be asked for in the order of the samples.</summary>
    public bool NamesDependOnOrder => _symbols?.DependsOnOrder == true;

    /// <summary>Writes an answer in the form that was asked for.</summary>
    /// <param name="shape">Its columns.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="writeText">Writes it as text.</param>
    public void Show<TAnswer>(Shape<TAnswer> shape, TAnswer answer, Action<TAnswer, Output> writeText)
    {
        if (IsJson)
            JsonAnswers.Write(Output, shape, answer);
        else
            writeText(answer, Output);
    }

    /// <summary>
    /// Notes that there is nothing to show: the command ends with a message that says why, and code 1. With --compat,
    /// as in the reference, that is nothing to speak of.
    /// </summary>
    /// <param name="missing">Tracepoints that the answer would need and that the trace lacks.</param>
    public void FindNothing(params IReadOnlyCollection<string> missing) =>
        _nothing = () => NothingToShow.Because(Session, Scope.Range, missing, _rangeHint);

    /// <inheritdoc cref="FindNothing(IReadOnlyCollection{string})"/>
    /// <param name="reason">Why, for the message.</param>
    public void FindNothing(string reason) => _nothing = () => NothingToShow.Prefix + reason;

    /// <summary>Runs analyses over the whole trace.</summary>
    public void Analyse(params TraceAnalysis[] analyses)
    {
        using var progress = ProgressBar.ForReading(Session.Reader.Length);
        Session.Run(analyses, new QuestionContext(progress));
    }

    public void Dispose()
    {
        Output.Dispose();
        _symbols?.Dispose();
        Session.Dispose();
    }

    private int Execute(Action<TraceInvocation> body)
    {
        IReadOnlyList<string> unmatched = IsCompat ? [] : FilterCheck.CheckTracepoints(Scope.Filter, Session);
        foreach (string message in unmatched)
            Messages.Write("osprey: " + message);

        // Before the output: it may be long, and whoever reads it ought to know.
        bool isMisfit = ReportMisfit(_symbols?.FindMisfit(Session));
        try
        {
            body(this);
        }
        catch (NestedEntryException exception)
        {
            Output.Flush();
            throw new CommandFailedException(
                $"{exception.Message}; the reference stops here (without --compat, nested entries are matched)"
            );
        }

        Output.Flush();
        IReadOnlyList<string> unmet = IsCompat ? [] : FilterCheck.CheckSamples(Scope.Filter, Session);
        bool isNothing = !IsCompat && _nothing is not null;
        if (isNothing && unmatched.Count + unmet.Count == 0)
        {
            if (_nothing!() is string reason)
                Messages.Write(reason);
        }

        bool isWhole = LossReport.Write(Session.Reader, isQuiet: IsCompat);
        if (!isNothing)
            ReportSymbols(isMisfit);

        foreach (string message in unmet)
            Messages.Write("osprey: " + message);

        return isWhole && !isNothing && unmatched.Count + unmet.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private void ReportSymbols(bool isMisfitTold)
    {
        if (_symbols is null)
            return;

        foreach (string note in _symbols.Notes)
            Messages.Write("osprey: note: " + note);

        if (!IsCompat && _stackSymbols is not null && _symbols.DescribeUnnamed(_stackSymbols) is string unnamed)
            Messages.Write("osprey: note: " + unnamed);

        if (!isMisfitTold && _stackSymbols is not null)
            ReportMisfit(_symbols.FindMisfit(_stackSymbols.Addresses.Select(address => unchecked(address + 1))));
    }

    private static bool ReportMisfit(string? misfit)
    {
        if (misfit is not null)
            Messages.Write("osprey: warning: " + misfit);

        return misfit is not null;
    }
}
