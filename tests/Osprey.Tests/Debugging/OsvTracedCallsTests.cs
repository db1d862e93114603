using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests.Osv;
using Osprey.Tests.Symbols.Oracle;
using Xunit.Abstractions;

namespace Osprey.Tests.Debugging;

/// <summary>
/// Calls traced from outside on an OSv guest that runs the tests' workload, and what the guest's own tracepoints
/// recorded of the same calls.
/// </summary>
[Trait("Category", "Slow")]
public sealed partial class OsvTracedCallsTests(ITestOutputHelper output)
{
    private const int Least = 8; // calls

    [OsvBuildFact("qemu-system-x86_64")]
    public void Calls_OfOpen_AreThoseThatTheGuestRecorded()
    {
        using var guest = new OsvGuest(2, program: "--trace=vfs_open* /workload");
        guest.WaitForText("ready");
        CommandRun run = CommandRun.Of([
            "trace-calls",
            "open",
            "sys_open",
            "--args",
            "--return",
            "--thread",
            "file-*",
            "--duration",
            "6s",
            "--json",
            "--target",
            guest.Name,
        ]);
        Assert.True(run.ExitCode == 0, run.Messages);
        string file = guest.PathOf("trace");
        CommandRun extracted = CommandRun.Of("trace", "extract", file, "--target", guest.Name);
        Assert.True(extracted.ExitCode == 0, extracted.Messages);

        ILookup<string, string> recorded = Recorded()
            .Matches(CommandRun.Of("trace", "list", file).Text)
            .ToLookup(
                line => line.Groups["thread"].Value,
                line => Spaces().Replace(line.Groups["event"].Value.TrimEnd(), " ")
            );
        int calls = 0;
        foreach ((string thread, List<string> traced) in ReadCalls(run.Text))
        {
            string all = string.Join('\n', recorded[thread]) + "\n";
            Assert.Contains(string.Join('\n', traced) + "\n", all, StringComparison.Ordinal);
            calls += traced.Count(one => one.StartsWith("vfs_open ", StringComparison.Ordinal));
        }

        Assert.True(calls >= Least, $"{calls} calls");
        output.WriteLine($"{calls} calls are the same");
    }

    /// <summary>What was traced of each thread, in the words of the guest's tracepoints.</summary>
    private static Dictionary<string, List<string>> ReadCalls(string text)
    {
        var threads = new Dictionary<string, List<string>>();
        var open = new Dictionary<string, string>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            JsonNode call = JsonNode.Parse(line)!;
            string thread = (string)call["threadName"]!;
            string[] values = [.. call["values"]!.AsArray().Select(value => (string)value!["text"]!)];
            List<string> seen = threads.TryGetValue(thread, out List<string>? known) ? known : threads[thread] = [];
            switch ((string)call["kind"]!, (string)call["function"]!)
            {
                case ("call", "open"):
                    open[thread] = $"{Path().Match(values[0]).Value} 0x{int.Parse(values[1], null):x}";
                    break;
                case ("call", "sys_open"):
                    Assert.Equal(1, (int)call["depth"]!);
                    Assert.Equal(open[thread], $"{Path().Match(values[0]).Value} 0x{int.Parse(values[1], null):x}");
                    seen.Add($"vfs_open {open[thread]} 0{Convert.ToString(int.Parse(values[2], null), 8)}");
                    break;
                case ("return", "sys_open"):
                    Assert.Equal("0", values[0]);
                    break;
                case ("return", "open"):
                    seen.Add($"vfs_open_ret {values[0]}");
                    break;
            }
        }

        return threads;
    }

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Path();

    [GeneratedRegex(@"(?m)^0x[0-9a-f]+ (?<thread>\S+) +\d+ +[0-9.]+ (?<event>vfs_open.*)$")]
    private static partial Regex Recorded();
}
