using System.Diagnostics;
using Osprey.Tests.Packets;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Cli.CommandLine;

/// <summary>Tests the manual pages.</summary>
public sealed class ManPageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-man-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Man_OfACommand_IsItsPage()
    {
        string page = CommandRun.Of("man", "trace", "diff").Text;
        Assert.StartsWith(".TH \"OSPREY\\-TRACE\\-DIFF\" 1 \"", page);
        GoldenFile.Verify(page[(page.IndexOf('\n') + 1)..]);
    }

    [Fact]
    public void Man_OfAll_HasAPageForEachCommand()
    {
        CommandRun run = CommandRun.Of("man", "--output", _folder);
        string[] pages = [.. Directory.GetFiles(_folder).Select(path => Path.GetFileName(path))];
        Assert.Equal((0, $"osprey: {pages.Length} manual pages written to {_folder}\n"), (run.ExitCode, run.Messages));
        Assert.Equal(
            AllCommands
                .Lines.Select(path => $"osprey-{path.Replace("trace-", "trace_").Replace(' ', '-')}.1")
                .Concat([
                    "osprey.1",
                    "osprey-block.1",
                    "osprey-git.1",
                    "osprey-leak.1",
                    "osprey-probes.1",
                    "osprey-replay.1",
                    "osprey-trace.1",
                    "osprey-vsock.1",
                ])
                .Order(StringComparer.Ordinal),
            pages.Order(StringComparer.Ordinal)
        );
    }

    [ToolFact("groff")]
    public void Groff_HasNoWarnings() => Check("groff", "-man", "-ww", "-Tutf8", "-Z");

    [ToolFact("mandoc")]
    public void Mandoc_HasNoWarnings() => Check("mandoc", "-T", "lint", "-W", "warning");

    private void Check(string program, params string[] options)
    {
        Assert.Equal(0, CommandRun.Of("man", "--output", _folder).ExitCode);
        foreach (string page in Directory.GetFiles(_folder))
        {
            var start = new ProcessStartInfo(program, [.. options, page])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            string warnings = errors.GetAwaiter().GetResult() + (program == "mandoc" ? output : "");
            Assert.Equal((page, 0, ""), (page, process.ExitCode, warnings));
        }
    }
}
