using System.Diagnostics;
using Osprey.Tests.Builders;
using Osprey.Tests.Traces.Formats;

namespace Osprey.Tests.Cli;

/// <summary>Traces that come through a pipe, to the program as a process of its own.</summary>
public sealed class StandardInputTests
{
    private const string Expected = """
        0xffff800000a01040 init             0         0.000000100 sched_wait           
        0xffff800000a01040 a16charactername  1         0.000000200 vfs_open             "/hello" 0x0 0644
        0xffff800000a01040 init             0         0.000000300 net_packet_in        proto=9, data={61 62 63}

        """;

    [Fact]
    public async Task List_TracefileThroughPipe_IsListed() =>
        Assert.Equal((0, Expected, ""), await RunAsync(SmallTraces.Tracefile()));

    [Fact]
    public async Task List_DumpThroughPipe_IsListed() =>
        Assert.Equal((0, Expected, ""), await RunAsync(SmallTraces.Dump()));

    [Fact]
    public async Task List_NothingThroughPipe_IsRefused() =>
        Assert.Equal(
            (1, "", "osprey: standard input+0x0: the file is empty; expected a tracefile or an OSVT dump\n"),
            await RunAsync([])
        );

    /// <summary>
    /// .NET opens files before the program begins, and the first gets the number of a standard input that is closed.
    /// </summary>
    [Theory]
    [InlineData("trace summary -", 1, "the file is empty; expected a tracefile or an OSVT dump")]
    [InlineData("vsock decode -", 1, "expected a pcap or pcapng file, have 0 bytes")]
    [InlineData("dap", 0, "")]
    public async Task Input_ThatIsClosed_IsEmpty(string command, int exitCode, string message)
    {
        using Process process = Process.Start(
            TestedProgram.Behind(["sh", "-c", "exec \"$@\" <&-", "sh"], command.Split(' '))
        )!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string messages = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((exitCode, ""), (process.ExitCode, await output));
        Assert.Contains(message, messages, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Messages)> RunAsync(byte[] input)
    {
        using Process process = Process.Start(
            TestedProgram.With("trace", "list", "--no-header", "--until", "350ns", "-")
        )!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> messages = process.StandardError.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await messages);
    }
}
