using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Traces.Recordings;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Rings;

namespace Osprey.Cli.Commands.Trace.Live;

/// <summary><c>osprey trace extract</c>: what a guest's trace buffers hold, as a file.</summary>
internal static class ExtractCommand
{
    private const string StandardOutput = "-";

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "extract",
            "Write what the trace buffers of a guest hold to a file that all analyses read, also where neither the "
                + "guest nor its ELF files are. The guest is not paused, and needs no REST server",
            "osprey trace extract --target web               # then: osprey trace summary",
            "osprey trace extract --target core:web.core web.trace",
            "osprey trace extract --remote localhost:1234    # over a gdb stub, which pauses the guest",
            "osprey trace summary --target web               # in one step"
        );
        var path = new Argument<string>("tracefile")
        {
            Description = "The file to write or replace; - for standard output",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => "tracefile",
        };
        var remote = new Option<string>("--remote")
        {
            Description = "Read over the gdb stub at this address, as OSv's trace.py does",
            HelpName = "HOST:PORT",
        };
        command.Arguments.Add(path);
        command.Options.Add(remote);
        var options = new GuestOptions(command) { Remote = remote, TakesPrograms = true };
        command.SetAction(result =>
            GuestInvocation.Run(result, options, invocation => Run(invocation, result.GetValue(path) ?? "tracefile"))
        );
        return command;
    }

    private static int Run(GuestInvocation invocation, string path)
    {
        ExtractionResult extraction;
        if (path == StandardOutput)
        {
            if (invocation.IsJson)
                throw new UsageException("--json and the trace both go to standard output");

            using ExtractedTrace trace = ExtractedTrace.Create(invocation.Session, invocation.Context);
            using FileStream content = File.OpenRead(trace.Path);
            content.CopyTo(invocation.Output.Stream);
            extraction = trace.Result with { Path = "standard output" };
        }
        else
        {
            using ReplacedFile file = ReplacedFile.Create(path, inputs: []);
            var stream = (FileStream)file.Stream;
            extraction = TraceExtraction.Run(invocation.Session, stream.SafeFileHandle, path, invocation.Context);
            file.Finish();
        }

        if (invocation.IsJson)
            invocation.Show(ExtractionShape.Shape, extraction, (_, _) => { });
        else
            Messages.Note("osprey: " + RecordingText.Describe(extraction));

        foreach (string defect in extraction.Defects)
            Messages.Write("osprey: the trace may lack something: " + TerminalText.Escape(defect));

        return extraction.Defects.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
