using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Traces.Recordings;
using Osprey.Session.Traces.Rings.Recording;
using Osprey.Target;
using Osprey.Traces.Formats.Osvt.Recordings;

namespace Osprey.Cli.Commands.Trace.Live;

/// <summary><c>osprey trace record</c>: what a running guest's tracepoints write, as long as wanted.</summary>
internal sealed class RecordCommand
{
    // A file has names and tracepoints at its front, and grows by what a look at the buffers brought.
    private const long LeastSize = 1 << 20;

    private readonly Option<string> _duration = new("--duration")
    {
        Description = "End after this time [s, or with a unit: ms s m h]; otherwise at Ctrl-C",
        HelpName = "DURATION",
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The file to write or replace",
        HelpName = "FILE",
        DefaultValueFactory = _ => "tracefile",
    };
    private readonly Option<string> _maxSize = new("--max-size")
    {
        Description = "End when the file has this size or a little more [bytes, or with a unit: K M G; at least 1M]",
        HelpName = "SIZE",
    };
    private readonly Option<int> _rotate = new("--rotate")
    {
        Description =
            "With --max-size: begin a new file then, and keep the newest N; older ones are FILE.1, FILE.2 and so on",
        HelpName = "N",
    };
    private readonly Option<bool> _history = new("--history")
    {
        Description = "Begin with what the trace buffers hold already",
    };

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "record",
            "Record what the tracepoints of a running guest write, for as long as wanted, by reading its memory: the "
                + "guest is not paused. The file can be read at any moment, and says exactly what could not be read "
                + "in time",
            "osprey trace record --target web --duration 10m -o web.trace",
            "osprey trace record --max-size 100M --rotate 5          # a flight recorder: until Ctrl-C"
        );
        var record = new RecordCommand();
        command.AddOptions(record._duration, record._output, record._maxSize, record._rotate, record._history);

        var options = new GuestOptions(command, hasContext: false) { TakesPrograms = true };
        command.SetAction(result =>
        {
            RecordingRequest request = record.Read(result);
            return GuestInvocation.Run(result, options, invocation => Run(invocation, request));
        });
        return command;
    }

    private RecordingRequest Read(ParseResult result)
    {
        var request = new RecordingRequest(result.GetValue(_output) ?? "tracefile")
        {
            Duration = LiveOptions.ReadDuration(result, _duration),
            MaxSize = ReadSize(result.GetValue(_maxSize)),
            Rotate = result.GetValue(_rotate),
            WithHistory = result.GetValue(_history),
        };
        if (result.GetValue(_output) == "-")
            throw new UsageException(
                "--output: a recording goes to a file, which is marked as complete at its end; "
                    + "'osprey trace extract -' writes to standard output"
            );

        if (request.MaxSize < LeastSize)
            throw new UsageException($"--max-size: at least {LeastSize >> 20}M, since a file grows by whole pieces");

        bool isRotateGiven = result.GetResult(_rotate) is not null;
        if (isRotateGiven && request.MaxSize is null)
            throw new UsageException("--rotate goes with --max-size");

        return isRotateGiven && request.Rotate is < 1 or > 10_000
            ? throw new UsageException("--rotate: expected a number from 1 to 10000")
            : request;
    }

    private static int Run(GuestInvocation invocation, RecordingRequest request)
    {
        TraceRecorder recorder = TraceRecorder.For(invocation.Session, request.WithHistory, invocation.Cancellation);
        if (!recorder.HasRings)
            Messages.Write(
                "osprey: note: the guest has no trace buffers yet: no tracepoint was ever enabled in it; waiting"
            );

        if (invocation.Session.Target.Access == TargetAccess.Paused)
            Messages.Write("osprey: note: the guest is paused; waiting for it to run");

        RecordingState? before = null;
        bool isShown = !Messages.IsQuiet && !Console.IsErrorRedirected && OutputCapture.Current is null;
        void Show(RecordingState state)
        {
            StandardError.Write("\r\u001b[K" + RecordingText.Progress(state, before));
            before = state;
        }

        RecordingResult done;
        try
        {
            done = recorder.Run(request, isShown ? Show : null, invocation.Cancellation);
        }
        finally
        {
            if (before is not null)
                StandardError.Write("\r\u001b[K");
        }

        if (invocation.IsJson)
            invocation.Show(RecordingShape.Shape, done, (_, _) => { });
        else
            Messages.Note("osprey: " + RecordingText.Describe(done));

        foreach (RecordedCpu cpu in done.State.Cpus.Where(cpu => cpu.LostBytes > 0))
            Messages.Write(
                $"osprey: CPU {cpu.Cpu}: about {cpu.LostSamples} samples, exactly {cpu.LostBytes} bytes, were "
                    + $"overwritten in {cpu.Gaps} places before they could be read"
            );

        foreach (string defect in done.Defects)
            Messages.Write("osprey: the trace may lack something: " + TerminalText.Escape(defect));

        return done.Defects.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static long? ReadSize(string? text)
    {
        if (text is null)
            return null;

        string digits = text.TrimEnd('B', 'b');
        digits = digits.EndsWith('i') ? digits[..^1] : digits;
        int shift =
            digits.Length == 0
                ? 0
                : char.ToUpperInvariant(digits[^1]) switch
                {
                    'K' => 10,
                    'M' => 20,
                    'G' => 30,
                    'T' => 40,
                    _ => 0,
                };
        return
            long.TryParse(
                shift > 0 ? digits[..^1] : digits,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out long size
            )
            && size > 0
            && size <= (long.MaxValue >> shift)
            ? size << shift
            : throw new UsageException($"--max-size: '{text}' is not a size such as 100M");
    }
}
