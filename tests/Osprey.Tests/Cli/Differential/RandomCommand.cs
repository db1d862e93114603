namespace Osprey.Tests.Cli.Differential;

/// <summary>A random command line over a trace.</summary>
internal static class RandomCommand
{
    private static readonly string[] s_commands =
    [
        "list",
        "list-timed",
        "summary",
        "cpu-load",
        "wakeup-latency",
        "prof",
        "prof-wait",
        "prof-lock",
        "prof-timed",
        "prof-idle",
        "prof-flame",
        "memory-analyzer",
    ];

    private static readonly string[] s_times =
    [
        "0",
        "0.000001",
        "0.5",
        "1us",
        "0.000000123",
        "700ns",
        "1.5us",
        "1",
        "9000000.000001",
        "2ms",
        "1e3ns",
        "0.0000007",
        "2.007us",
    ];

    /// <summary>The arguments without the path.</summary>
    /// <param name="random">Makes the choices.</param>
    /// <param name="names">Tracepoints to ask for.</param>
    public static string[] Create(Random random, string[] names)
    {
        string command = s_commands[random.Next(s_commands.Length)];
        var args = new List<string> { command };
        switch (command)
        {
            case "list" or "list-timed" or "wakeup-latency" or "cpu-load":
                AddListing(args, random, command, names);
                break;

            case "summary":
                AddTimes(args, random);
                Maybe(args, random, "--timed");
                break;

            case "memory-analyzer":
                AddMemory(args, random);
                break;

            default:
                AddProfile(args, random, command, names);
                break;
        }

        return [.. args];
    }

    private static void AddListing(List<string> args, Random random, string command, string[] names)
    {
        AddTimes(args, random);
        AddSymbols(args, random);
        Maybe(args, random, "-b");
        Maybe(args, random, "-l");
        Maybe(args, random, "--no-header");
        if (command == "list" && random.Next(3) == 0)
            args.AddRange("-t", names[random.Next(names.Length)]);

        if (command == "list")
            Maybe(args, random, "--tcpdump");

        if (command == "list-timed" && random.Next(2) == 0)
            args.AddRange("--sort", random.Next(2) == 0 ? "time" : "duration");

        if (command == "cpu-load")
        {
            Maybe(args, random, "--format=csv");
            if (random.Next(3) == 0)
                args.AddRange("-c", random.Next(1, 5).ToString());
        }
    }

    private static void AddProfile(List<string> args, Random random, string command, string[] names)
    {
        AddTimes(args, random);
        AddSymbols(args, random);
        Maybe(args, random, "-r");
        if (random.Next(3) == 0)
            args.AddRange("-g", new[] { "thread", "cpu", "none" }[random.Next(3)]);

        if (random.Next(5) == 0)
            args.AddRange("--function", new[] { "sys_open", "malloc", "log", "main", "mutex::lock()" }[random.Next(5)]);

        if (random.Next(6) == 0)
            args.AddRange("--min-duration", new[] { "100", "1us", "0", "0.5us", "1ms", "0.131us" }[random.Next(6)]);

        AddThinning(args, random);
        if (command == "prof-timed" || (command is "prof" or "prof-flame" && random.Next(3) == 0))
            args.AddRange("-t", names[random.Next(names.Length)]);
    }

    private static void AddMemory(List<string> args, Random random)
    {
        AddSymbols(args, random);
        if (random.Next(2) == 0)
            args.AddRange("-s", new[] { "count", "size", "unused" }[random.Next(3)]);

        if (random.Next(2) == 0)
            args.AddRange([
                "-g",
                .. new[] { "allocator", "alignment", "allocated", "requested" }.Where(_ => random.Next(2) == 0),
            ]);

        Maybe(args, random, "--no-backtrace");
        if (random.Next(4) == 0)
            args.AddRange("--min-count", random.Next(0, 4).ToString());

        AddThinning(args, random);
    }

    private static void AddThinning(List<string> args, Random random)
    {
        if (random.Next(4) == 0)
            args.AddRange(
                "--min-hits",
                new[] { "0", "1", "2", "3", "10%", "50%", "33.3%", "0.1%", "100%" }[random.Next(9)]
            );

        if (random.Next(4) == 0)
            args.AddRange("--max-levels", random.Next(0, 5).ToString());
    }

    private static void AddTimes(List<string> args, Random random)
    {
        if (random.Next(3) == 0)
            args.AddRange("--since", s_times[random.Next(s_times.Length)]);

        if (random.Next(4) == 0)
            args.AddRange("--until", s_times[random.Next(s_times.Length)]);

        if (random.Next(5) == 0)
            args.AddRange("--period", new[] { "1000", "1ms", "2.5us", "0", "10s", "333ns" }[random.Next(6)]);
    }

    private static void AddSymbols(List<string> args, Random random)
    {
        args.Add(random.Next(3) == 0 ? "-x" : "-S");
        foreach (string option in new[] { "-L", "-A", "-F" })
        {
            if (random.Next(5) == 0)
                args.Add(option);
        }
    }

    private static void Maybe(List<string> args, Random random, string option)
    {
        if (random.Next(3) == 0)
            args.Add(option);
    }

    private static void AddRange(this List<string> args, string option, string value) => args.AddRange([option, value]);
}
