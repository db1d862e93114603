using System.Diagnostics;
using System.Globalization;

namespace Osprey.Tracing.Tests.Outside;

/// <summary>The program of tests/Osprey.Tracing.Writer: another process that writes numbered records.</summary>
internal sealed class WriterProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly List<string> _messages;

    private WriterProcess(Process process, List<string> messages)
    {
        _process = process;
        _messages = messages;
    }

    public int Id => _process.Id;

    public string Target => string.Create(CultureInfo.InvariantCulture, $"process:{Id}");

    /// <summary>
    /// Waits for a line on standard error, which arrives at a time of its own, and returns all until then. Without the
    /// line, those that came within a minute.
    /// </summary>
    public string[] ReadMessages(string awaited)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            lock (_messages)
            {
                if (_messages.Contains(awaited) || Stopwatch.GetElapsedTime(begun) > s_patience)
                    return [.. _messages];
            }

            Thread.Sleep(10);
        }
    }

    /// <summary>Starts it; it waits before it writes.</summary>
    /// <param name="arguments">Threads, records of each, and the rings' size, CPUs and spares where wanted.</param>
    /// <param name="coreFolder">The folder that a core file is left in when it aborts; null for none.</param>
    /// <param name="nativeProgram">The program, compiled ahead of time; null for the one beside the tests.</param>
    /// <param name="sampler">The sampler's frequency; null for none.</param>
    /// <param name="writesPerfMap">Whether its runtime writes a perf map for somebody else.</param>
    /// <param name="followsAsync">Whether its backtraces are to have logical callers.</param>
    public static WriterProcess Start(
        string arguments,
        string? coreFolder = null,
        string? nativeProgram = null,
        string? sampler = null,
        bool writesPerfMap = false,
        bool followsAsync = false
    )
    {
        // Beside the tests' own folder: .../bin/PROJECT/CONFIGURATION.
        string own = AppContext.BaseDirectory.TrimEnd('/');
        string folder = Path.Combine(own, "../../Osprey.Tracing.Writer", Path.GetFileName(own));
        var start = nativeProgram is null
            ? new ProcessStartInfo("dotnet", $"exec {folder}/Osprey.Tracing.Writer.dll {arguments}")
            : new ProcessStartInfo(nativeProgram, arguments);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        if (sampler is not null)
            start.Environment["OSPREY_TRACE_SAMPLER"] = sampler;
        if (writesPerfMap)
            start.Environment["DOTNET_PerfMapEnabled"] = "1";
        if (followsAsync)
            start.Environment["OSPREY_TRACE_ASYNC"] = "1";
        if (coreFolder is not null)
        {
            start.Environment["DOTNET_DbgEnableMiniDump"] = "1";
            start.Environment["DOTNET_DbgMiniDumpType"] = "4"; // all memory
            start.Environment["DOTNET_DbgMiniDumpName"] = Path.Combine(coreFolder, "core");
        }

        var process = Process.Start(start)!;
        List<string> messages = [];
        process.ErrorDataReceived += (_, data) =>
        {
            lock (messages)
                messages.Add(data.Data ?? "");
        };
        process.BeginErrorReadLine();
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        return new WriterProcess(process, messages);
    }

    /// <summary>Lets it write.</summary>
    public void Begin() => _process.StandardInput.WriteLine();

    /// <summary>Waits until it has written all, and returns the numbers written, overwritten and dropped.</summary>
    public (long Written, long Overwritten, long Dropped) ReadTotals()
    {
        string[] numbers = _process.StandardOutput.ReadLine()!.Split(' ');
        return (
            long.Parse(numbers[0], CultureInfo.InvariantCulture),
            long.Parse(numbers[1], CultureInfo.InvariantCulture),
            long.Parse(numbers[2], CultureInfo.InvariantCulture)
        );
    }

    /// <summary>Has it end, as if by a mistake of its own, also in the middle of what it writes.</summary>
    public void Abort()
    {
        _process.StandardInput.WriteLine("abort");
        Assert.True(_process.WaitForExit(60_000));
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
