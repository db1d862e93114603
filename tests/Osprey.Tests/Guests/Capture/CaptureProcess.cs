using System.Diagnostics;
using System.Text;
using Osprey.Tests.Builders;

namespace Osprey.Tests.Guests.Capture;

/// <summary>An <c>osprey capture</c> that runs, and has begun.</summary>
internal sealed class CaptureProcess : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;

    /// <summary>Starts it and waits until it captures.</summary>
    public CaptureProcess(params string[] words)
    {
        _process = Process.Start(TestedProgram.With(["capture", .. words]))!;
        var clock = Stopwatch.StartNew();
        var messages = new StringBuilder();
        string? line = null;
        while (line?.Contains("capturing", StringComparison.Ordinal) != true)
        {
            line = _process.StandardError.ReadLine();
            messages.AppendLine(line);
            Assert.True(line is not null && clock.Elapsed < s_limit, messages.ToString());
        }
    }

    /// <summary>Sends it a signal, and waits for its end.</summary>
    /// <returns>Its exit code, and what it said since it began.</returns>
    public (int Code, string Messages) End(string signal)
    {
        if (_process.HasExited)
            Assert.Fail($"it ended before the signal: {_process.ExitCode}: {_process.StandardError.ReadToEnd()}");

        TestedProgram.Signal(_process, signal);
        string messages = _process.StandardError.ReadToEnd();
        Assert.True(_process.WaitForExit(s_limit), "the capture does not end");
        return (_process.ExitCode, messages);
    }

    /// <summary>Captures what goes on meanwhile, ended by Ctrl-C, and compares it with QEMU's file.</summary>
    /// <param name="dump">What QEMU's filter-dump writes.</param>
    /// <param name="path">The file to capture to.</param>
    /// <param name="exchange">What goes on.</param>
    /// <param name="words">What says which guest, and how.</param>
    /// <returns>The frames of QEMU's file, and those that were captured.</returns>
    public static (int Dumped, int Captured) Compare(string dump, string path, Action exchange, params string[] words)
    {
        using var capture = new CaptureProcess([.. words, "-w", path]);
        int before = CapturedFile.ReadFrames(dump).Count;
        exchange();
        Thread.Sleep(500); // the last packets of a connection are in nobody's way
        (int code, string messages) = capture.End("INT");
        Assert.True(code == 0, $"{code}: {messages}");
        return CapturedFile.RequireEqual(path, [.. CapturedFile.ReadFrames(dump).Skip(before)]);
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
