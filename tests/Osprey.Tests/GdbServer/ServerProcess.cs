using System.Diagnostics;
using System.Text;
using Osprey.Tests.Builders;

namespace Osprey.Tests.GdbServer;

/// <summary><c>osprey gdbserver</c> as a process that listens on a Unix socket, or a free port.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly StringBuilder _messages = new();

    private const string Announcement = "target remote ";

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="socket">The Unix socket; null for a port.</param>
    /// <param name="arguments">Its other arguments.</param>
    public ServerProcess(string? socket, params string[] arguments)
    {
        string place = socket is null ? "localhost:0" : $"unix:{socket}";
        _process = Process.Start(TestedProgram.With(["gdbserver", "--listen", place, "--no-cache", .. arguments]))!;
        _process.StandardInput.Close();
        var ready = new TaskCompletionSource();
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_messages)
                _messages.Append(line.Data).Append('\n');

            if (line.Data is null || line.Data.Contains(Announcement, StringComparison.Ordinal))
                ready.TrySetResult();
        };
        _process.BeginErrorReadLine();
        Assert.True(ready.Task.Wait(s_patience) && !_process.HasExited, Messages);
        string said = Messages;
        Address = said[(said.IndexOf(Announcement, StringComparison.Ordinal) + Announcement.Length)..].Split('\n')[0];
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
