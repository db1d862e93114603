using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Trace;

/// <summary>Pipes with names: never replaced by a file, and read once.</summary>
public sealed class SpecialFilesTests
{
    [Theory]
    [InlineData("export --to csv -x trace -o", "cannot write to pipe: it is a pipe (- writes to standard output)")]
    [InlineData("cut trace -o", "cannot write to pipe: it is a pipe (- writes to standard output)")]
    [InlineData("convert-dump -f trace", "cannot write pipe: it is a pipe, and a tracefile goes to a file")]
    [InlineData("download", "cannot write pipe: it is a pipe, and a dump goes to a file")]
    public void Output_ThatIsAPipe_IsRefusedAndStays(string commandLine, string message)
    {
        using var folder = new TraceFolder();
        folder.Write("trace", TraceFolder.NewSmallTrace());
        string pipe = MakePipe(folder);

        OspreyRun run = folder.Run(["trace", .. commandLine.Split(' '), "pipe"]);

        Assert.Equal((1, $"osprey: {message}\n"), (run.ExitCode, run.Errors));
        Assert.NotEqual("", OtherProgram.Run("find", [], pipe, "-type", "p"));
    }

    [Theory]
    [InlineData("summary")]
    [InlineData("list --thread nosuch")]
    [InlineData("list --since 100")]
    [InlineData("tcpdump")]
    public async Task Trace_InAPipe_IsReadOnce(string commandLine)
    {
        using var folder = new TraceFolder();
        folder.Write("trace", TraceFolder.NewSmallTrace());
        string pipe = MakePipe(folder);
        var writing = Task.Run(() => File.WriteAllBytes(pipe, File.ReadAllBytes(folder.GetPath("trace"))));

        OspreyRun run = folder.Run(["trace", .. commandLine.Split(' '), "--", "pipe"]);

        await writing;
        Assert.Equal(commandLine == "summary" ? 0 : 1, run.ExitCode);
    }

    private static string MakePipe(TraceFolder folder)
    {
        string pipe = folder.GetPath("pipe");
        OtherProgram.Run("mkfifo", [], pipe);
        return pipe;
    }
}
