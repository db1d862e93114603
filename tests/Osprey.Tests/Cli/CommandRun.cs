using System.Text;
using Osprey.Cli.Rendering.Streams;
using Osprey.Tests.Builders;

namespace Osprey.Tests.Cli;

/// <summary>What one run of the program printed and ended with.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Messages">Its standard error.</param>
internal sealed record CommandRun(int ExitCode, byte[] Output, string Messages)
{
    /// <summary>Its standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>
    /// Runs a command: within this process, unless <see cref="TestedProgram"/> is another program.
    /// </summary>
    public static CommandRun Of(params string[] args)
    {
        if (TestedProgram.Named is not null)
        {
            OspreyRun run = OspreyRun.Start(Environment.CurrentDirectory, args);
            return new CommandRun(run.ExitCode, run.Output, run.Errors);
        }

        using var capture = new OutputCapture();
        int code = Osprey.Cli.Program.Main(args);
        return new CommandRun(code, capture.Data.ToArray(), capture.Messages.ToString());
    }

    /// <summary>Runs <c>osprey trace</c> with a command line that has no quoting.</summary>
    /// <returns>What it printed; it must have succeeded without a message.</returns>
    public static string Trace(string commandLine, string path)
    {
        CommandRun run = Of(["trace", .. commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--", path]);
        Assert.Equal((0, ""), (run.ExitCode, run.Messages));
        return run.Text;
    }
}
