using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Rest;
using Osprey.Cli.Commands.Trace.Calls;
using Osprey.Cli.Commands.Trace.Live;
using Osprey.Cli.Commands.Trace.Sql;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace</c> and its commands.</summary>
internal static class TraceCommands
{
    public const string Name = "trace";

    private static readonly CommandTable s_commands = new([
        ("list", "List the samples of a trace", TraceListCommand.Create),
        ("list-timed", "List what has a begin and an end, with its duration", ListTimedCommand.Create),
        ("summary", "Show how many samples of which tracepoint a trace has", SummaryCommand.Create),
        ("cpu-load", "Show the length of each CPU's run queue over time", CpuLoadCommand.Create),
        ("wakeup-latency", "List how long threads took to run after they were woken", WakeupLatencyCommand.Create),
        ("prof", "Show where samples come from", ProfileCommands.CreateHits),
        ("prof-wait", "Show where threads spend time waiting", ProfileCommands.CreateWaits),
        ("prof-lock", "Show where threads wait for mutexes", ProfileCommands.CreateLocks),
        ("prof-timed", "Show where the time of a timed tracepoint goes", ProfileCommands.CreateTimed),
        ("prof-idle", "Show what threads wait for while their CPU is idle", ProfileCommands.CreateIdle),
        ("prof-calls", "Show the time in functions, in total and of their own", CallProfileCommand.Create),
        ("prof-flame", "Print folded stacks for flame graphs", FlameCommand.Create),
        ("tcpdump", "Show the packets of a trace in words", PacketCommands.CreateTcpdump),
        ("pcap-dump", "Write the packets of a trace as a capture file", PacketCommands.CreatePcapDump),
        ("memory-analyzer", "Show allocations by allocator, alignment and size", MemoryAnalyzerCommand.Create),
        ("query", "Show what a trace answers to a question in SQL", QueryCommand.Create),
        ("export", "Write a trace in a form that another tool opens", ExportCommand.Create),
        (
            "info",
            "Show what is in a trace file, what of it was lost, and whether an ELF file fits it",
            TraceInfoCommand.Create
        ),
        ("cut", "Write a part of a trace as a smaller tracefile", CutCommand.Create),
        ("merge", "Write two traces as one, on one time line", MergeCommand.Create),
        ("diff", "Compare two traces: counts, durations and profiles side by side", DiffCommand.Create),
        ("extract", "Write what the trace buffers of a guest hold to a file", ExtractCommand.Create),
        ("top", "Show what the tracepoints of a running guest say, again and again", TraceTopCommand.Create),
        ("record", "Record what a running guest's tracepoints write, without end", RecordCommand.Create),
        ("download", "Fetch the trace buffers of a running guest", DownloadCommand.Create),
        ("convert-dump", "Turn a dump of trace buffers into a tracefile", ConvertDumpCommand.Create),
        ("status", "Show which tracepoints of a running guest record", StatusCommand.Create),
        ("enable", "Make tracepoints of a running guest record", SwitchCommands.CreateEnable),
        ("disable", "Stop tracepoints of a running guest from recording", SwitchCommands.CreateDisable),
        ("count", "Show how often tracepoints of a running guest are hit", CountCommand.Create),
        ("sampler", "Start or stop a running guest's sampler", SamplerCommand.Create),
    ]);

    /// <summary>The command with all below it; those that are not called have only their names.</summary>
    public static Command Create(CalledCommands called)
    {
        var trace = new DocumentedCommand(
            Name,
            "Analyse what a guest's tracepoints recorded",
            "osprey trace summary --timed tracefile",
            "osprey trace prof-wait tracefile"
        );
        string? behind = called.FindBehind(Name);
        foreach (Command command in s_commands.Create(name => called.AreAll || name == behind))
            trace.Subcommands.Add(command);

        return trace;
    }
}
