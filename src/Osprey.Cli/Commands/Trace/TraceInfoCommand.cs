using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Listings;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Traces.Files;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Names;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace info</c>: what is in a trace, and what is missing or odd about it.</summary>
internal static class TraceInfoCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "info",
            "Show what is in a trace file, what of it was lost, and whether an ELF file fits it",
            "osprey trace info tracefile",
            "osprey trace info -e build/last/loader.elf            # is this the kernel that was traced?",
            "osprey trace info --json dump | jq .completeFrom      # null when nothing was overwritten"
        );
        Argument<string> path = TracefileArgument.Create();
        var exe = new Option<string>("--exe", "-e")
        {
            Description = "Check whether this ELF file of the guest fits the trace",
            HelpName = "PATH",
        };
        var modules = new Option<string[]>("--module")
        {
            Description = "Check an application's ELF file, loaded at an address, too; may be repeated",
            HelpName = "PATH@BASE",
            AllowMultipleArgumentsPerToken = false,
        };
        var json = new Option<bool>("--json")
        {
            Description = "Print one JSON object instead of text; times in nanoseconds",
        };
        command.Arguments.Add(path);
        var target = new TraceTarget(command);
        command.AddOptions(exe, modules, json);

        command.SetAction(result =>
        {
            var settings = new SymbolSettings
            {
                ElfPath = result.GetValue(exe),
                Modules = result.GetValue(modules) ?? [],
            };
            using TraceSession trace = target.Open(
                result,
                result.GetValue(path)!,
                result.GetResult(path) is { Implicit: false }
            );
            return Run(trace, settings, result.GetValue(json));
        });
        return command;
    }

    private static int Run(TraceSession trace, SymbolSettings settings, bool isJson)
    {
        TraceInfo info;
        using (ProgressBar? progress = ProgressBar.ForReading(trace.Reader.Length))
        {
            try
            {
                info = TraceInfo.Gather(trace, settings, new QuestionContext(progress));
            }
            catch (FormatException exception)
            {
                throw new UsageException($"--module: {exception.Message}");
            }
        }

        using var output = new Output(paged: false);
        if (isJson)
            JsonAnswers.Write(output, TraceInfoAnswer.Shape, new TraceInfoAnswer(info, trace.Reader.Stats));
        else
            TraceInfoText.Write(output.Text, info, trace.Reader.Stats);

        output.Flush();
        bool isWhole = LossReport.Write(trace.Reader, isQuiet: false);
        foreach (ElfFit fit in info.ElfFits)
        {
            if (fit.Warning is string warning)
                Messages.Write("osprey: warning: " + warning);
        }

        return isWhole ? ExitCode.Success : ExitCode.Failure;
    }
}
