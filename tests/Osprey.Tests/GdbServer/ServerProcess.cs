using System.Diagnostics;
using System.Text;
using Osprey.Tests.Builders;

namespace Osprey.Tests.GdbServer;

/// <summary><c>osprey gdbserver</c> as a process that listens on a Unix socket.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly StringBuilder _messages = new();

    /// <summary>Starts it, and waits until it listens.</summary>
    public ServerProcess(string address, params string[] arguments)
    {
        Address = address;
        _process = Process.Start(
            TestedProgram.With(["gdbserver", "--listen", $"unix:{address}", "--no-cache", .. arguments])
        )!;
        _process.StandardInput.Close();
        var ready = new TaskCompletionSource();
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_messages)
                _messages.Append(line.Data).Append('\n');

            if (line.Data is null || line.Data.Contains("target remote", StringComparison.Ordinal))
                ready.TrySetResult();
        };
        _process.BeginErrorReadLine();
        Assert.True(ready.Task.Wait(s_patience) && !_process.HasExited, Messages);
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>What it said.</summary>
    public string Messages
    {
        get
        {
            lock (_messages)
                return _messages.ToString();
        }
    }

    /// <summary>Sends it a signal, and waits until it ended.</summary>
    public void End(string signal)
    {
        TestedProgram.Signal(_process, signal);
        Assert.True(_process.WaitForExit(s_patience), $"it did not end at {signal}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            End("TERM");

        _process.Dispose();
    }
}
