using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Listings;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Changes;
using Osprey.Traces.Text;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace merge</c>: two traces on one time line.</summary>
internal sealed class MergeCommand
{
    private readonly Argument<string> _a = TracefileArgument.Create("A", hasDefault: false);
    private readonly Argument<string> _b = TracefileArgument.Create("B", hasDefault: false);
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The file to write or replace",
        HelpName = "FILE",
        DefaultValueFactory = _ => "merged",
    };
    private readonly Option<string> _offset = new("--offset")
    {
        Description =
            "Add this to the times of B [s, or with a unit: ns us ms s m h; may be negative]; not needed where both "
            + "traces say what their clock shows beside the host's",
        HelpName = "TIME",
    };
    private readonly Option<string> _label = new("--label")
    {
        Description = "Mark the tracepoints of B by this in front of their names; the file's name when left out",
        HelpName = "TEXT",
    };

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "merge",
            "Write two traces as one, on one time line, such as a guest's and that of its QEMU. Tracepoints of B "
                + "are marked, and its CPUs get numbers behind those of A",
            "osprey trace merge a.trace b.trace                      # of two processes of one host",
            "osprey trace merge guest.trace qemu.trace --label qemu  # of trace record and of probes trace",
            "osprey trace merge guest.trace qemu.trace --offset -12.5 --label qemu -o both.trace"
        );
        var merge = new MergeCommand();
        command.Arguments.Add(merge._a);
        command.Arguments.Add(merge._b);
        command.AddOptions(merge._output, merge._offset, merge._label);
        var answer = new AnswerOptions(command);
        command.SetAction(result => merge.Run(result, answer.Read(result) == AnswerFormat.Json));
        return command;
    }

    private int Run(ParseResult result, bool isJson)
    {
        string a = Require(result, _a);
        string b = Require(result, _b);
        if (a == TraceSession.StandardInput || b == TraceSession.StandardInput)
            throw new UsageException("both traces are read twice, so that none can be standard input");

        var request = new MergeRequest(
            result.GetValue(_output) ?? "merged",
            result.GetValue(_label) ?? Path.GetFileNameWithoutExtension(b)
        )
        {
            Offset = ReadOffset(result.GetValue(_offset)),
        };
        using var interruption = new Interruption();
        using var output = new Output(paged: false);
        bool isWhole = true;
        try
        {
            MergeResult merged = TraceMerge.Run(
                () => TraceSession.Open(a),
                () => TraceSession.Open(b),
                request,
                trace => isWhole &= LossReport.Write(trace.Reader, isQuiet: false),
                new QuestionContext(Cancellation: interruption.Token)
            );
            if (isJson)
                JsonAnswers.Write(output, MergeResult.Shape, merged);
            else
                Messages.Note(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"osprey: {merged.OutputPath}: {merged.SamplesA} samples of {a}, {merged.SamplesB} of {b} "
                    )
                        + string.Create(
                            CultureInfo.InvariantCulture,
                            $"(as {request.Label}:…, CPUs from {merged.FirstCpuB} on, "
                        )
                        + string.Create(CultureInfo.InvariantCulture, $"{merged.Offset / 1e9:0.#########} s added)")
                );

            output.Flush();
            if (merged.BeforeZero > 0)
                Messages.Write($"osprey: {merged.BeforeZero} samples of {b} would lie before time 0: left out");

            return isWhole && merged.BeforeZero == 0 ? ExitCode.Success : ExitCode.Failure;
        }
        catch (MergeException exception)
        {
            throw new CommandFailedException(
                $"{exception.Message}; say by --offset what is to be added to the times of {b}"
            );
        }
    }

    private static long? ReadOffset(string? text)
    {
        if (text is null)
            return null;

        return TimeParser.TryParse(text, "s", out decimal nanoseconds) && Math.Abs(nanoseconds) <= 9e18m
            ? (long)nanoseconds
            : throw new UsageException($"--offset: '{text}' is not a time such as 10s or -1.5ms");
    }

    // Not required by the parser, which would then refuse to show the help without them.
    private static string Require(ParseResult result, Argument<string> path) =>
        result.GetValue(path) ?? throw new UsageException("two traces are needed: osprey trace merge A B");
}
