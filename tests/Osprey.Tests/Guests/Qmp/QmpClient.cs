using System.Net.Sockets;
using System.Text.Json;

namespace Osprey.Tests.Guests.Qmp;

/// <summary>
/// A connection to QEMU's machine protocol, for what tests ask QEMU itself. Used from one thread at a time.
/// </summary>
internal sealed class QmpClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly StreamReader _reader;

    public QmpClient(string path)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        _reader = new StreamReader(new NetworkStream(_socket));
        ReadMessage(); // the greeting
        Execute("qmp_capabilities");
    }

    /// <summary>Called for each event that comes while an answer is waited for.</summary>
    public Action<JsonElement> OnEvent { get; set; } = _ => { };

    /// <summary>Runs a command and gives what it returned.</summary>
    /// <exception cref="InvalidOperationException">QEMU refused it.</exception>
    public JsonElement Execute(string command, object? arguments = null)
    {
        object message = arguments is null ? new { execute = command } : new { execute = command, arguments };
        _socket.Send([.. JsonSerializer.SerializeToUtf8Bytes(message), (byte)'\n']);
        while (true)
        {
            JsonElement answer = ReadMessage();
            if (answer.TryGetProperty("return", out JsonElement result))
                return result;
            if (answer.TryGetProperty("error", out JsonElement error))
                throw new InvalidOperationException($"{command}: {error}");

            OnEvent(answer);
        }
    }

    /// <summary>Runs a command of the human monitor, on a vCPU, and gives what it printed.</summary>
    public string Monitor(string command, int cpu = 0) =>
        Execute(
                "human-monitor-command",
                new Dictionary<string, object> { ["command-line"] = command, ["cpu-index"] = cpu }
            )
            .GetString()!;

    /// <summary>The next message.</summary>
    /// <exception cref="EndOfStreamException">QEMU closed the connection.</exception>
    public JsonElement ReadMessage() =>
        JsonDocument
            .Parse(_reader.ReadLine() ?? throw new EndOfStreamException("QEMU closed the connection"))
            .RootElement;

    /// <inheritdoc/>
    public void Dispose()
    {
        // A read that waits in another thread ends by this, and not by closing.
        if (_socket.Connected)
            _socket.Shutdown(SocketShutdown.Both);
        _reader.Dispose();
        _socket.Dispose();
    }
}
