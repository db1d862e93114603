using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Listings;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Traces.Files;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Changes;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace convert-dump</c>: a dump, or any other trace, to a tracefile.</summary>
internal sealed class ConvertDumpCommand
{
    private readonly Option<string> _dump = new("--dumpfile", "-f")
    {
        Description = "The dump, or any other trace; - for standard input",
        HelpName = "FILE",
        DefaultValueFactory = _ => "buffers",
    };

    private readonly Argument<string> _output = new("tracefile")
    {
        Description = "The tracefile to write or replace",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => "tracefile",
    };

    private readonly Option<bool> _noSymbols = new("--no-symbols")
    {
        Description = "Do not write tracefile.symbols with the names that the dump brings",
    };
    private readonly Option<bool> _compat = new("--compat")
    {
        Description = "Do and print what OSv's trace.py does: no symbols, samples of equal time in its order",
    };
    private readonly Option<bool> _json = new("--json") { Description = "Print what was written as JSON" };

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "convert-dump",
            "Turn a dump of trace buffers into a tracefile (version 3), and the names in it into tracefile.symbols",
            "osprey trace convert-dump -f buffers tracefile           # then: osprey trace prof-wait tracefile",
            "curl -s localhost:8000/trace/buffers | osprey trace convert-dump -f -"
        );
        var convert = new ConvertDumpCommand();
        command.Arguments.Add(convert._output);
        command.Options.Add(convert._dump);
        command.Options.Add(convert._noSymbols);
        command.Options.Add(convert._compat);
        command.Options.Add(convert._json);
        command.SetAction(convert.Run);
        return command;
    }

    private int Run(ParseResult result)
    {
        string input = result.GetValue(_dump) ?? "buffers";
        string path = result.GetValue(_output) ?? "tracefile";
        bool isCompat = result.GetValue(_compat);
        if (path == TraceSession.StandardInput)
            throw new UsageException("a tracefile goes to a file, not to standard output");

        if (input != TraceSession.StandardInput && Path.GetFullPath(input) == Path.GetFullPath(path))
            throw new UsageException($"{path} is the input and the output");

        using var output = new Output(paged: false);
        if (input != TraceSession.StandardInput && !File.Exists(input))
            return NotFound(input, isCompat, output);

        if (isCompat)
        {
            output.Text.Append($"Converting dump {input} -> {path}\n");
            output.Flush();
        }

        string? symbols = isCompat || result.GetValue(_noSymbols) ? null : path + ".symbols";
        using TraceSession trace = TraceSession.Open(input, isCompat, StandardStreams.OpenInput);
        // A pipe may be silent for ever: there a signal ends the program at once, as it does while one is opened.
        using Interruption? interruption = trace.IsFile ? new Interruption() : null;
        ConversionResult done = Convert(trace, path, symbols, interruption?.Token ?? CancellationToken.None);
        if (result.GetValue(_json))
            JsonAnswers.Write(
                output,
                ConversionAnswer.Shape,
                new ConversionAnswer(input, trace.Reader.FormatName, done, trace.Reader.Stats.Damage is null)
            );
        else if (!isCompat)
            Messages.Note("osprey: " + ConversionText.Describe(input, done));

        output.Flush();
        if (!isCompat && done.Symbols is null && File.Exists(path + ".symbols"))
            Messages.Write($"osprey: note: {path}.symbols was there before and may be of another trace");

        return LossReport.Write(trace.Reader, isQuiet: isCompat) ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Converts with a progress bar.</summary>
    public static ConversionResult Convert(
        TraceSession trace,
        string path,
        string? symbols,
        CancellationToken cancellation
    )
    {
        using var progress = ProgressBar.ForTransfer(trace.Reader.Length);
        return TraceConversion.Run(trace, path, symbols, new QuestionContext(progress, cancellation));
    }

    private static int NotFound(string input, bool isCompat, Output output)
    {
        if (!isCompat)
            throw new CommandFailedException(
                Directory.Exists(input)
                    ? $"{input}: this is a folder; expected a dump"
                    : $"{input}: there is no such file"
            );

        output.Text.Append($"error: {input} not found\n");
        output.Flush();
        return ExitCode.Failure;
    }
}
