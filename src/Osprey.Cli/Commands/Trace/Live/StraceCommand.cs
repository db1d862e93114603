using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Listings;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Traces.Samples;
using Osprey.Session.Traces.Rings;
using Osprey.Session.Traces.Rings.Calls;
using Osprey.Target;
using Osprey.Traces.Analyses;
using Osprey.Traces.Semantics.Osv;

namespace Osprey.Cli.Commands.Trace.Live;

/// <summary><c>osprey strace</c>: what a running guest's tracepoints say, as it happens.</summary>
internal sealed class StraceCommand
{
    private readonly Argument<string[]> _globs = new("tracepoint")
    {
        Description = "Only tracepoints of these names or globs, as -t",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<bool> _noPairs = new("--no-pairs")
    {
        Description = "Print one line for each sample, as OSv's --strace does: begins and ends are not joined",
    };
    private readonly Option<bool> _summary = new("--summary")
    {
        Description = "Print no samples, but at the end how often and for how long each was called",
    };
    private readonly Option<bool> _stacks = new("--stack-trace", "-k")
    {
        Description = "Print the stack below each line, where samples have one",
    };
    private readonly Option<bool> _history = new("--history")
    {
        Description = "Begin with what the trace buffers hold already",
    };
    private readonly Option<string> _duration = new("--duration")
    {
        Description = "End after this time [s, or with a unit: ms s m h]; otherwise at Ctrl-C",
        HelpName = "DURATION",
    };

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "strace",
            "Print what the enabled tracepoints of a running guest record, as it happens, in the format of OSv's "
                + "--strace. The guest is not paused, and need not have been started with --strace. With --json, one "
                + "object a line",
            "osprey strace 'vfs_*'",
            "osprey strace -T web --thread '/memcached*' -k",
            "osprey strace -T web --summary --duration 10s"
        );
        var strace = new StraceCommand();
        command.Arguments.Add(strace._globs);
        var filter = new FilterOptions(command);
        command.AddOptions(strace._noPairs, strace._summary, strace._stacks, strace._history, strace._duration);

        var options = new GuestOptions(command, hasContext: false) { TakesPrograms = true };
        command.SetAction(result =>
        {
            SampleFilter samples = filter.Read(result, more: result.GetValue(strace._globs));
            TimeSpan? duration = LiveOptions.ReadDuration(result, strace._duration);
            return GuestInvocation.Run(
                result,
                options,
                invocation => strace.Run(result, invocation, samples, duration)
            );
        });
        return command;
    }

    private int Run(ParseResult result, GuestInvocation invocation, SampleFilter filter, TimeSpan? duration)
    {
        bool runs = invocation.Session.Target.Access == TargetAccess.Live;
        bool withHistory = result.GetValue(_history) || !runs;
        GuestRings rings = GuestRings.Of(invocation.Session, !withHistory, invocation.Cancellation);
        if (!runs)
            rings.RequireAllocated();
        else if (rings.Readers.Count == 0)
            Messages.Write("osprey: note: no tracepoint was ever enabled in the guest; waiting for one");

        LiveOptions.RequireTracepoints(filter, rings.Tracepoints, rings.IsEnabled);
        bool isSummary = result.GetValue(_summary);
        var summary = new CallSummary(rings.Tracepoints, OsvTraceSemantics.Instance);
        ICallSink sink = isSummary ? summary : CreateWriter(result, invocation, rings);
        var calls = new LiveCalls(rings.Tracepoints, OsvTraceSemantics.Instance, filter, rings.IsEnabled);
        var raw = new Unjoined(filter, rings, sink);
        bool joins = !result.GetValue(_noPairs);
        var samples = new LiveSamples(rings);
        LiveSamples.Taker take = joins ? (in sample) => calls.Add(sample, sink) : raw.Add;
        void TakeLoss(LiveLoss lost)
        {
            calls.AddGap(lost.From, lost.To);
            Report(lost);
        }

        bool isGone = false;
        try
        {
            if (runs)
                samples.Follow(
                    duration,
                    take,
                    TakeLoss,
                    () =>
                    {
                        calls.HandOn(sink);
                        invocation.Output.Flush();
                    },
                    invocation.Cancellation
                );

            samples.Finish(take, TakeLoss);
        }
        catch (TargetException exception) when (exception.Problem == TargetProblem.GuestEnded)
        {
            isGone = true;
            Messages.Write($"osprey: {TerminalText.Escape(exception.Message)}");
        }

        calls.HandOn(sink, isEnd: true);
        if (isSummary)
            Show(invocation, summary);

        invocation.Output.Flush();
        foreach (string defect in rings.Defects)
            Messages.Write("osprey: samples may be missing: " + TerminalText.Escape(defect));

        return rings.Defects.Count == 0 && !isGone ? ExitCode.Success : ExitCode.Failure;
    }

    private ICallSink CreateWriter(ParseResult result, GuestInvocation invocation, GuestRings rings)
    {
        StackSymbols? symbols = result.GetValue(_stacks)
            ? new StackSymbols(invocation.Session.Symbols, new FrameTextOptions(), OsvTraceSemantics.Instance)
            : null;
        return invocation.IsJson
            ? new StraceJson(invocation.Output, new SampleCells(rings.Tracepoints, symbols))
            : new StraceText(invocation.Output, rings.Tracepoints, OsvTraceSemantics.Instance, symbols);
    }

    private static void Show(GuestInvocation invocation, CallSummary summary)
    {
        if (invocation.IsJson)
            JsonAnswers.WriteArray(invocation.Output, CallCount.Shape, summary.Counts);
        else
            CallSummaryText.Write(invocation.Output.Text, summary.Counts);
    }

    private static void Report(LiveLoss lost)
    {
        if (!lost.Loss.IsEarlier)
            Messages.Write(
                $"osprey: CPU {lost.Cpu}: about {lost.Loss.Samples} samples, exactly {lost.Loss.Bytes} bytes, were "
                    + "overwritten before they could be read"
            );
    }

    /// <summary>Hands on each sample by itself.</summary>
    private sealed class Unjoined(SampleFilter filter, GuestRings rings, ICallSink sink)
    {
        public void Add(in Osprey.Traces.Model.TraceEvent sample)
        {
            if (filter.Matches(sample, rings.Tracepoints))
                sink.TakeSingle(sample);
        }
    }
}
