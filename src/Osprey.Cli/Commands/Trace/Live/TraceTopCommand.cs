using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Commands.Guest.Diagnosis;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Screens;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Traces.Rings.Top;
using Osprey.Target;
using Osprey.Traces.Analyses;

namespace Osprey.Cli.Commands.Trace.Live;

/// <summary>
/// <c>osprey trace top</c>: what a running guest's tracepoints say, on one page that is shown again and again.
/// </summary>
internal static class TraceTopCommand
{
    private const int PlainRows = 10;

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "top",
            "Show which tracepoints of a running guest are hit most, its slowest calls, and which threads wait for "
                + "what, again and again. The guest is not paused",
            "osprey trace top                             # until Ctrl-C",
            "osprey trace top -T web 'vfs_*' 'sched_wait*'",
            "osprey trace top --count 1 --interval 10 --json   # a line of JSON for each look"
        );
        var globs = new Argument<string[]>("tracepoint")
        {
            Description = "Only tracepoints of these names or globs, as -t",
            Arity = ArgumentArity.ZeroOrMore,
        };
        command.Arguments.Add(globs);
        var filter = new FilterOptions(command);
        var repetition = new RepetitionOptions(command);
        var limit = new Option<int?>("--limit", "-n")
        {
            Description = "Most rows of each list; those that fit on the terminal when left out",
            HelpName = "N",
        };
        command.AddOptions(limit);
        var options = new GuestOptions(command, hasContext: false) { TakesPrograms = true };
        command.SetAction(result =>
        {
            SampleFilter samples = filter.Read(result, more: result.GetValue(globs));
            if (result.GetValue(limit) is < 1)
                throw new UsageException("--limit must be positive");

            Repetition times = repetition.Read(result);
            return GuestInvocation.Run(
                result,
                options,
                invocation => Run(invocation, samples, times, result.GetValue(limit))
            );
        });
        return command;
    }

    private static int Run(GuestInvocation invocation, SampleFilter filter, Repetition times, int? limit)
    {
        var screen = new Screen(invocation.Output);
        int most = limit ?? (screen.Rows is { } rows ? TraceTopText.FindMost(rows) : PlainRows);
        var top = GuestTop.For(invocation.Session, filter, most, invocation.Cancellation);
        LiveOptions.RequireTracepoints(filter, top.Tracepoints, top.IsEnabled);
        bool isGone = false;
        if (invocation.Session.Target.Access != TargetAccess.Live)
        {
            Show(top.LookOnce(invocation.Cancellation));
        }
        else
        {
            if (!top.HasRings)
                Messages.Write("osprey: note: no tracepoint was ever enabled in the guest; waiting for one");

            isGone = !Follow();
        }

        foreach (string defect in top.Defects)
            Messages.Write("osprey: samples may be missing: " + TerminalText.Escape(defect));

        return top.Defects.Count == 0 && !isGone ? ExitCode.Success : ExitCode.Failure;

        bool Follow()
        {
            try
            {
                // The time between two looks is spent on reading.
                (times with { Interval = TimeSpan.Zero }).Run(
                    number =>
                    {
                        if (number == 1)
                            top.Begin(invocation.Cancellation);

                        Show(top.Look(times.Interval, invocation.Cancellation));
                    },
                    invocation.Cancellation
                );
                return true;
            }
            catch (TargetException exception) when (exception.Problem == TargetProblem.GuestEnded)
            {
                Messages.Write($"osprey: {TerminalText.Escape(exception.Message)}");
                return false;
            }
        }

        void Show(TopLook look)
        {
            if (invocation.IsJson)
                JsonAnswers.Write(invocation.Output, TopLook.Shape, look);
            else
                screen.Show(TraceTopText.Describe(look));

            invocation.Output.Flush();
        }
    }
}
