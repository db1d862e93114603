using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Live;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Listings;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Probes;
using Osprey.Probes.Recording;
using Osprey.Probes.Tracing;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Probes;
using Osprey.Session.Probes;
using Osprey.Session.Traces;
using Osprey.Traces.Analyses;
using Osprey.Traces.Semantics;

namespace Osprey.Cli.Commands.Probes;

/// <summary><c>osprey probes trace</c>: what happens at the static probes of a process.</summary>
internal sealed class ProbesTraceCommand
{
    private static readonly TimeSpan s_writingInterval = TimeSpan.FromMilliseconds(100);

    private readonly Argument<string> _process = new("process")
    {
        Description = "The id of the process",
        HelpName = "PID",
    };
    private readonly Argument<string[]> _globs = new("probe")
    {
        Description = "The probes: names or globs, PROVIDER:NAME or NAME",
        HelpName = "GLOB",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<string> _duration = new("--duration")
    {
        Description = "End after this time [s, or with a unit: ms s m h]; otherwise at Ctrl-C",
        HelpName = "DURATION",
    };
    private readonly Option<long?> _count = new("--count") { Description = "End after so many hits", HelpName = "N" };
    private readonly Option<bool> _stacks = new("--stack") { Description = "Find the stack of each hit, too" };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Write the hits to this file as a trace, for osprey trace, rather than print them",
        HelpName = "FILE",
    };
    private readonly Option<string> _backend = new("--backend")
    {
        Description =
            "kernel: its uprobes; ptrace: breakpoints, which stop each thread that comes by for a while; auto: "
            + "the kernel's where that is allowed",
        HelpName = "WAY",
        DefaultValueFactory = _ => "auto",
    };
    private readonly ProbeNameOptions _names;
    private readonly AnswerOptions _answer;

    private ProbesTraceCommand(Command command)
    {
        command.Arguments.Add(_process);
        command.Arguments.Add(_globs);
        command.AddOptions(_duration, _count, _stacks, _output, _backend);
        _backend.AcceptOnlyFromAmong("auto", "kernel", "ptrace");
        _names = new ProbeNameOptions(command);
        _answer = new AnswerOptions(command);
    }

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "trace",
            "Print a line for each time that a process comes by one of its static probes, with arguments by name and "
                + "text as text, in the manner of osprey strace; or write a trace. Semaphores are raised meanwhile. "
                + "With --json, one object a line",
            "osprey probes trace 4711 'postgresql:query__*'",
            "osprey probes trace 4711 'hotspot:gc__*' --stack --duration 1m",
            "osprey probes trace 4711 'qemu:*' -o q.trace     # then: osprey trace summary q.trace"
        );
        var trace = new ProbesTraceCommand(command);
        command.SetAction(trace.Run);
        return command;
    }

    private int Run(ParseResult result)
    {
        ProbeTraceRequest request = Read(result);
        long count = result.GetValue(_count) ?? long.MaxValue;
        if (count < 1)
            throw new UsageException("--count must be positive");

        bool isJson = _answer.Read(result) == AnswerFormat.Json;
        string? path = result.GetValue(_output);
        if (path is not null && isJson)
            throw new UsageException("choose one of --json and --output");

        TimeSpan? duration = LiveOptions.ReadDuration(result, _duration);
        using var interruption = new Interruption();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token);
        try
        {
            // A file that can't be written is told before the process is touched.
            using ReplacedFile? file = path is null ? null : ReplacedFile.Create(path, inputs: []);
            using ProbeTracing tracing = ProbeTracing.Open(request);
            int told = Tell(tracing, 0);
            Messages.Note(
                $"osprey: tracing {tracing.Sites.Count} sites of process {request.ProcessId} by {tracing.Description}"
            );
            if (duration is { } time)
                end.CancelAfter(time);

            long hits = file is null
                ? Print(tracing, request.WithStacks, isJson, count, end.Token)
                : Record(tracing, file, request.WithStacks, count, end.Token);
            Tell(tracing, told);
            if (tracing.EndReason is { } reason)
                Messages.Write($"osprey: {TerminalText.Escape(reason)}");

            if (tracing.LostHits > 0)
                Messages.Write($"osprey: {tracing.LostHits} hits were lost: the kernel's buffer was full");

            Messages.Note(string.Create(CultureInfo.InvariantCulture, $"osprey: {hits} hits"));
            return tracing.LostHits == 0 ? ExitCode.Success : ExitCode.Failure;
        }
        catch (ProbeException exception)
        {
            throw new CommandFailedException(exception.Message);
        }
    }

    private ProbeTraceRequest Read(ParseResult result)
    {
        string process = result.GetValue(_process) ?? "";
        string[] globs = result.GetValue(_globs) ?? [];
        if (globs.Length == 0)
            throw new UsageException("which probes? osprey probes trace PID GLOB ('*' for all)");

        bool isId = int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int processId);
        return new ProbeTraceRequest(
            isId && processId > 0 ? processId : throw new UsageException($"'{process}' is not the id of a process"),
            [.. globs.Select(glob => new ProbePattern(glob))]
        )
        {
            Names = _names.Read(result),
            WithStacks = result.GetValue(_stacks),
            WithSymbols = result.GetValue(_output) is not null,
            Backend = result.GetValue(_backend) switch
            {
                "kernel" => ProbeBackendKind.Kernel,
                "ptrace" => ProbeBackendKind.Ptrace,
                _ => ProbeBackendKind.Auto,
            },
        };
    }

    private static long Print(
        ProbeTracing tracing,
        bool withStacks,
        bool isJson,
        long count,
        CancellationToken cancellation
    )
    {
        using var output = new Output(paged: false);
        StackSymbols? stacks = withStacks
            ? new StackSymbols(tracing.Symbols, new FrameTextOptions(), TraceSemantics.None)
            : null;
        Shape<ProbeHit> shape = ProbeHitShape.Create(stacks);
        var lines = new ProbeHitLines(output, stacks);
        var json = new JsonLines();
        long hits = 0;
        tracing.Follow(
            hit =>
            {
                if (isJson)
                    json.Append(output.Text, shape, hit);
                else
                    lines.Append(hit);

                output.FlushIfLarge();
                return ++hits < count;
            },
            output.Flush,
            cancellation
        );
        tracing.End();
        output.Flush();
        return hits;
    }

    private static long Record(
        ProbeTracing tracing,
        ReplacedFile file,
        bool withStacks,
        long count,
        CancellationToken cancellation
    )
    {
        ProbeRecording recording = tracing.CreateRecording(((FileStream)file.Stream).SafeFileHandle, withStacks);
        long written = Stopwatch.GetTimestamp();
        tracing.Follow(
            hit =>
            {
                recording.Add(hit);
                WriteNowAndThen();
                return recording.Count < count;
            },
            WriteNowAndThen,
            cancellation
        );
        tracing.End();
        recording.Finish(tracing.LostHits);
        file.Finish();
        if (recording.CutTexts > 0)
            Messages.Write(
                $"osprey: note: {recording.CutTexts} texts were longer than a trace holds "
                    + $"({ProbeRecording.MaxTextSize} bytes) and were cut"
            );

        return recording.Count;

        // Whoever kills us keeps what came until a moment before.
        void WriteNowAndThen()
        {
            if (Stopwatch.GetElapsedTime(written) < s_writingInterval)
                return;

            written = Stopwatch.GetTimestamp();
            recording.Flush();
        }
    }

    /// <summary>Writes the notes that were not written yet.</summary>
    /// <returns>The number of notes so far.</returns>
    private static int Tell(ProbeTracing tracing, int told)
    {
        string[] notes = [.. tracing.Notes];
        foreach (string note in notes.Skip(told))
            Messages.Write("osprey: note: " + TerminalText.Escape(note));

        return notes.Length;
    }
}
