using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli.Commands;

/// <summary><c>osprey demo</c>: what there is to see, on recordings of real guests.</summary>
internal static class DemoCommand
{
    private static readonly string[] s_recordings = ["fs", "net", "alloc"];

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "demo",
            "Show what there is to see, on the recordings in samples/",
            "osprey demo",
            "osprey demo --output /tmp/demo                        # where the flame graph goes"
        );
        var samples = new Option<string>("--samples")
        {
            Description =
                "The folder with the recordings (default: samples/ of the checkout that the program was built in)",
            HelpName = "DIR",
        };
        var output = new Option<string>("--output")
        {
            Description = "The folder for the files that it writes",
            HelpName = "DIR",
            DefaultValueFactory = _ => "osprey-demo",
        };
        command.Options.Add(samples);
        command.Options.Add(output);
        command.SetAction(result => Run(result.GetValue(samples) ?? FindSamples(), result.GetValue(output)!));
        return command;
    }

    private static int Run(string samples, string folder)
    {
        if (!HasRecordings(samples))
            throw new CommandFailedException(
                $"{samples}: expected the recordings fs, net and alloc there, each with a tracefile"
            );

        Directory.CreateDirectory(folder);
        using var output = new Output(paged: false);
        var tour = new DemoTour(output, ProgramName(samples));
        string fs = TracefileOf(samples, "fs");
        string net = TracefileOf(samples, "net");
        string alloc = TracefileOf(samples, "alloc");

        tour.Say("A guest that opened, wrote and closed files. Some of its tracepoints, and how long the calls took:");
        tour.Show(["trace", "summary", "--timed", "-t", "vfs_open*", "-t", "vfs_p*", fs], lines: 40);
        tour.Say("The slowest file system calls, with their arguments and results:");
        tour.Show(["trace", "list-timed", "-t", "vfs_*", "--sort", "duration", fs], lines: 6);
        tour.Say("Where its threads waited, the big branches only:");
        tour.Show(["trace", "prof-wait", "-S", "--min-duration", "4s", fs], lines: 30);
        tour.Say("All its samples by call stack, and its waits by thread, as flame graphs:");
        string flame = Path.Combine(folder, "flame.folded");
        string speedscope = Path.Combine(folder, "fs.speedscope.json");
        tour.Save(["trace", "prof-flame", "-S", fs], flame);
        tour.Show(
            ["trace", "export", "--to", "speedscope", "-S", "--what", "wait", "-g", "thread", "-o", speedscope, fs],
            lines: 1
        );
        tour.Say($"  To see them, drop a file on https://www.speedscope.app; or: flamegraph.pl {flame} > flame.svg\n");
        tour.Say("A guest that answered HTTP requests. Its packets:");
        tour.Show(["trace", "tcpdump", net], lines: 8);
        tour.Say("A guest that allocated memory. How much of it is unused, and who asked for it:");
        tour.Show(
            [
                "trace",
                "memory-analyzer",
                "-S",
                "-s",
                "count",
                "--min-hits",
                "10%",
                "--max-levels",
                "3",
                alloc,
                "-g",
                "allocator",
            ],
            lines: 40
        );
        tour.Say("More: osprey trace --help, and osprey trace COMMAND --help, which ends with examples.");
        return tour.ExitCode;
    }

    /// <summary>The recordings of the checkout that this program lies in.</summary>
    private static string FindSamples()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string samples = Path.Combine(folder.FullName, "samples");
            if (HasRecordings(samples))
                return Shorten(samples);
        }

        throw new CommandFailedException(
            "there is no folder samples/ with recordings beside the program or above it: run it from a "
                + "checkout, or give --samples DIR"
        );
    }

    private static bool HasRecordings(string samples) =>
        s_recordings.All(name => File.Exists(TracefileOf(samples, name)));

    private static string TracefileOf(string samples, string recording) =>
        Path.Combine(samples, recording, "tracefile");

    /// <summary>The path as a user would type it: relative to the current folder when it is below it.</summary>
    private static string Shorten(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    /// <summary>The name that a user calls the program by: the launcher's, in the checkout itself.</summary>
    private static string ProgramName(string samples) =>
        samples == "samples" && File.Exists("osprey") ? "./osprey" : "osprey";
}
