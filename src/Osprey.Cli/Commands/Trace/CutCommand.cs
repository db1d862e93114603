using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Listings;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Traces.Files;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Changes;
using Osprey.Session.Traces.Names;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace cut</c>: a part of a trace as a smaller tracefile.</summary>
internal static class CutCommand
{
    private static readonly Option<string> s_output = new("--output", "-o")
    {
        Description = "Where the smaller tracefile goes; - for standard output",
        HelpName = "OUT",
    };
    private static readonly Option<bool> s_keepPairs = new("--keep-pairs")
    {
        Description =
            "Also keep the exit (NAME_ret, NAME_err) of every entry that is kept, though it lies behind "
            + "--until or on another CPU, or is of a tracepoint that -t leaves out: durations then stay whole",
    };
    private static readonly Option<string> s_exe = new("--exe", "-e")
    {
        Description = "Take the names for OUT.symbols from the guest's ELF file",
        HelpName = "PATH",
    };
    private static readonly Option<string[]> s_modules = new("--module")
    {
        Description = "Take names from an application's ELF file, loaded at an address, too; may be repeated",
        HelpName = "PATH@BASE",
        AllowMultipleArgumentsPerToken = false,
    };
    private static readonly Option<string> s_sysroot = new("--sysroot")
    {
        Description = "Folder with the guest's files: finds the modules that a dump names",
        HelpName = "DIR",
    };
    private static readonly Option<bool> s_symbolsFile = new("--use-symbols-file", "-S")
    {
        Description = "Take the names from <tracefile>.symbols, which must exist (used anyway when it does)",
    };
    private static readonly Option<bool> s_noSymbols = new("--no-symbols") { Description = "Do not write OUT.symbols" };
    private static readonly Option<bool> s_json = new("--json")
    {
        Description = "Print what was kept as one JSON object",
    };

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "cut",
            "Write a part of a trace as a smaller tracefile (version 3), with a symbols file of what it needs",
            "osprey trace cut tracefile -o second.trace --since 1 --until 2",
            "osprey trace cut dump -o opens.trace -t vfs_open --keep-pairs   # with the vfs_open_ret and _err of those",
            "zcat big.gz | osprey trace cut - -o - --cpu 0 | osprey trace summary -"
        );
        Argument<string> path = TracefileArgument.Create();
        command.Arguments.Add(path);
        var target = new TraceTarget(command);
        command.Options.Add(s_output);
        var time = new TimeOptions(command);
        var filter = new FilterOptions(command);
        command.AddOptions(s_keepPairs, s_symbolsFile, s_exe, s_modules, s_sysroot, s_noSymbols, s_json);

        command.SetAction(result =>
        {
            try
            {
                return Run(
                    result,
                    () => target.Open(result, result.GetValue(path)!, result.GetResult(path) is { Implicit: false }),
                    new CutRequest
                    {
                        OutputPath =
                            result.GetValue(s_output)
                            ?? throw new UsageException("where shall it go? -o OUT is missing"),
                        Range = time.Read(result, isCompat: false),
                        Filter = filter.Read(result),
                        KeepsPairs = result.GetValue(s_keepPairs),
                        Symbols = result.GetValue(s_noSymbols) ? null : ReadSymbols(result),
                    },
                    time.ExplainPeriod(result)
                );
            }
            catch (Exception exception) when (exception is InvalidArgumentsException or FormatException)
            {
                throw new UsageException(exception.Message);
            }
        });
        return command;
    }

    private static SymbolSettings ReadSymbols(ParseResult result) =>
        new()
        {
            UseSymbolsFile = result.GetValue(s_symbolsFile),
            ElfPath = result.GetValue(s_exe),
            DefaultElfPath = BuildFolders.GetLoader(isDebug: false),
            Modules = result.GetValue(s_modules) ?? [],
            Sysroot = result.GetValue(s_sysroot),
        };

    private static int Run(ParseResult result, Func<TraceSession> open, CutRequest request, string? hint)
    {
        bool isJson = result.GetValue(s_json);
        if (isJson && request.OutputPath == CutRequest.StandardOutput)
            throw new UsageException("--json and -o - both write to standard output");

        using TraceSession trace = open();
        using var output = new Output(paged: false);
        CutResult cut;
        using (ProgressBar? progress = ProgressBar.ForReading(trace.Reader.Length))
            cut = TraceCut.Run(trace, request, () => output.Stream, new QuestionContext(progress));

        if (isJson)
            JsonAnswers.Write(output, CutAnswer.Shape, new CutAnswer(request.OutputPath, cut));

        output.Flush();
        bool isWhole = LossReport.Write(trace.Reader, isQuiet: false);
        Report(request, cut);
        string[] unmatched =
        [
            .. FilterCheck.CheckTracepoints(request.Filter, trace),
            .. FilterCheck.CheckSamples(request.Filter, trace),
        ];
        if (
            cut.Kept == 0
            && unmatched.Length == 0
            && NothingToShow.Because(trace, request.Range, missing: [], hint) is string reason
        )
            Messages.Write(reason);

        foreach (string message in unmatched)
            Messages.Write("osprey: " + message);

        return isWhole && cut.Kept > 0 && unmatched.Length == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Report(CutRequest request, CutResult cut)
    {
        string forPairs = request.KeepsPairs ? $", {cut.KeptForPairs} of them for their pairs" : "";
        string where = request.OutputPath == CutRequest.StandardOutput ? "standard output" : request.OutputPath;
        Messages.Note(
            $"osprey: {where}: kept {cut.Kept} of {cut.Met} samples{forPairs}; {cut.Tracepoints} tracepoints, "
                + $"{cut.Bytes} bytes"
        );
        if (cut.Symbols is int symbols)
            Messages.Note($"osprey: {where}.symbols: {symbols} symbols");

        if (cut.HasStaleSymbols)
            Messages.Write($"osprey: note: {where}.symbols is from before and was left alone");
    }
}
