using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Osprey.Target.Backends.Sockets;

namespace Osprey.Target.Backends.Qemu.Qmp;

/// <summary>
/// A client of the QEMU Machine Protocol: one command after the other, a line of JSON each. What arrives between is an
/// event, and kept, or the answer to a command that was given up, and dropped. A QMP socket has one client at a time:
/// the next one connects, but hears nothing until the first has left.
/// </summary>
/// <remarks>Commands of several threads wait for each other.</remarks>
public sealed class QmpClient : IDisposable
{
    private const int MaxLineSize = 64 << 20;
    private const int MaxEvents = 10_000;

    /// <summary>The longest time that a command may take, as a multiple of the longest silence.</summary>
    private const int MaxPatience = 10;

    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly string _name;
    private TimeSpan _timeout;
    private readonly List<QmpEvent> _events = [];
    private byte[] _buffer = new byte[1 << 14];
    private int _start;
    private int _end;
    private long _lastId;
    private CancellationToken _cancellation;
    private bool _isAccepted;
    private long _asked;

    private QmpClient(Socket socket, string name, TimeSpan timeout, CancellationToken cancellation)
    {
        _socket = socket;
        _name = name;
        _timeout = timeout;
        _cancellation = cancellation;
        socket.SendTimeout = (int)timeout.TotalMilliseconds;
    }

    /// <summary>QEMU's version as its greeting says it, such as "7.2.22"; empty when it does not.</summary>
    public string Version { get; private set; } = "";

    /// <summary>The events that happened to the guest since the connection was made, in order.</summary>
    public IReadOnlyList<QmpEvent> Events => _events;

    /// <summary>Answers that came when their command had been given up.</summary>
    public long LateAnswers { get; private set; }

    /// <summary>Connects and greets.</summary>
    /// <param name="endpoint">Where QEMU listens.</param>
    /// <param name="timeout">How long connecting, and any one answer, may take.</param>
    /// <param name="cancellation">The user's wish to end early, until <see cref="IgnoreCancellation"/>.</param>
    /// <exception cref="TargetException">
    /// Nobody is there, the user may not connect, or somebody else is connected.
    /// </exception>
    /// <exception cref="OperationCanceledException">The user wishes to end early.</exception>
    public static QmpClient Connect(QmpEndpoint endpoint, TimeSpan timeout, CancellationToken cancellation = default)
    {
        string name = $"QMP at {endpoint}";
        var connector = new ServerConnector(
            new ServerAddress(endpoint.UnixPath, endpoint.Host, endpoint.Port),
            timeout,
            cancellation
        );
        QmpClient? client = null;
        try
        {
            // Many ask a question or two and leave.
            connector.RequireFree(timeout / 2);
            client = new QmpClient(connector.Connect(), name, timeout, cancellation);
            bool? isAccepted = connector.WaitUntilAccepted(client._socket);
            cancellation.ThrowIfCancellationRequested();
            if (isAccepted == false)
                throw connector.FindClient() is { } other
                    ? new ServerBusyException(other)
                    : new TargetException(
                        TargetProblem.QmpSilent,
                        $"{name} does not accept the connection within {timeout.TotalMilliseconds} ms"
                    );

            client._isAccepted = isAccepted == true;
            client.Greet();
            return client;
        }
        catch (ServerBusyException busy)
        {
            client?.Dispose();
            throw new TargetException(TargetProblem.QmpBusy, $"{name} is busy: {busy.Message}", busy);
        }
        catch (Exception failed) when (failed is SocketException or ArgumentException or TimeoutException)
        {
            client?.Dispose();
            throw new TargetException(
                failed is SocketException { SocketErrorCode: SocketError.AccessDenied }
                    ? TargetProblem.QmpNotPermitted
                    : TargetProblem.NoQmpServer,
                $"can't connect to {name}: {ConnectFailure.Describe(failed, endpoint.UnixPath)}",
                failed
            );
        }
        catch
        {
            client?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes later waits end by their time limit alone, as a guest that is to be let run again needs it.
    /// </summary>
    internal void IgnoreCancellation() => _cancellation = CancellationToken.None;

    /// <summary>Changes how long any one answer may take from now on.</summary>
    internal void SetTimeout(TimeSpan timeout) => _timeout = timeout;

    /// <summary>Runs a command.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="writeArguments">Writes the members of its arguments; null for none.</param>
    /// <returns>What it returned.</returns>
    /// <exception cref="QmpException">QEMU refused it.</exception>
    /// <exception cref="TargetException">The connection is lost or the answer takes too long.</exception>
    public JsonElement Execute(string command, Action<Utf8JsonWriter>? writeArguments = null)
    {
        lock (_gate)
            return ExecuteAlone(command, writeArguments);
    }

    /// <summary>Runs a command of the human monitor and gives its text, with plain line ends.</summary>
    /// <param name="commandLine">The command.</param>
    /// <param name="cpu">The vCPU that it is about; null for QEMU's choice.</param>
    /// <inheritdoc cref="Execute"/>
    public string ExecuteHuman(string commandLine, int? cpu = null)
    {
        JsonElement text = Execute(
            "human-monitor-command",
            writer =>
            {
                writer.WriteString("command-line", commandLine);
                if (cpu is int index)
                    writer.WriteNumber("cpu-index", index);
            }
        );
        return GetText(text).ReplaceLineEndings("\n");
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private JsonElement ExecuteAlone(string command, Action<Utf8JsonWriter>? writeArguments)
    {
        long id = ++_lastId;
        var request = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(request))
        {
            writer.WriteStartObject();
            writer.WriteString("execute", command);
            if (writeArguments is not null)
            {
                writer.WriteStartObject("arguments");
                writeArguments(writer);
                writer.WriteEndObject();
            }

            writer.WriteNumber("id", id);
            writer.WriteEndObject();
        }

        request.Write("\n"u8);
        _asked = Stopwatch.GetTimestamp();
        Send(request.WrittenSpan);
        while (true)
        {
            JsonElement message = ReadMessage(command);
            bool isReturn = message.TryGetProperty("return", out JsonElement result);
            bool isError = message.TryGetProperty("error", out JsonElement error);
            if (!isReturn && !isError)
                Keep(message);
            else if (!IsAnswer(message, id, isError))
                LateAnswers++;
            else if (isReturn)
                return result;
            else
                throw new QmpException(command, GetText(error, "class"), GetText(error, "desc"));
        }
    }

    private void Greet()
    {
        _asked = Stopwatch.GetTimestamp();
        JsonElement greeting = ReadMessage("the greeting");
        if (!greeting.TryGetProperty("QMP", out JsonElement qmp))
            throw NotUnderstood($"expected a QMP greeting, found {Shorten(greeting.GetRawText())}");

        if (
            qmp.ValueKind == JsonValueKind.Object
            && qmp.TryGetProperty("version", out JsonElement version)
            && version.ValueKind == JsonValueKind.Object
            && version.TryGetProperty("qemu", out JsonElement numbers)
            && numbers.ValueKind == JsonValueKind.Object
        )
        {
            Version = $"{GetNumber(numbers, "major")}.{GetNumber(numbers, "minor")}.{GetNumber(numbers, "micro")}";
        }

        Execute("qmp_capabilities");
    }

    /// <summary>
    /// Tells whether an answer is that of a command. QEMU gives each its command's id, except where it could not read
    /// the command.
    /// </summary>
    private static bool IsAnswer(JsonElement message, long id, bool isError) =>
        message.TryGetProperty("id", out JsonElement found)
            ? found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out long value) && value == id
            : isError;

    private void Keep(JsonElement message)
    {
        if (GetText(message, "event") is { Length: > 0 } name && _events.Count < MaxEvents)
            _events.Add(new QmpEvent(name, DateTimeOffset.UtcNow));
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
                bytes = bytes[_socket.Send(bytes)..];
        }
        catch (SocketException exception)
        {
            throw Lost(exception);
        }
    }

    private JsonElement ReadMessage(string awaited)
    {
        ReadOnlySpan<byte> line = ReadLine(awaited);
        try
        {
            var reader = new Utf8JsonReader(line);
            JsonElement message = JsonElement.ParseValue(ref reader);
            return message.ValueKind == JsonValueKind.Object
                ? message
                : throw NotUnderstood(
                    $"expected an object as answer to {awaited}, found {Shorten(message.GetRawText())}"
                );
        }
        catch (JsonException exception)
        {
            throw NotUnderstood(
                $"expected JSON as answer to {awaited}, found {Shorten(Encoding.UTF8.GetString(line))}",
                exception
            );
        }
    }

    private ReadOnlySpan<byte> ReadLine(string awaited)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                ReadOnlySpan<byte> line = _buffer.AsSpan(_start, searched + length);
                _start += line.Length + 1;
                if (!line.Trim(" \r\t"u8).IsEmpty)
                    return line;

                searched = 0;
                continue;
            }

            searched = _end - _start;
            Fill(awaited);
        }
    }

    private void Fill(string awaited)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaxLineSize)
                throw NotUnderstood($"the answer to {awaited} is over {MaxLineSize} bytes");

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        try
        {
            WaitForBytes(awaited);
            int count = _socket.Receive(_buffer.AsSpan(_end));
            if (count == 0)
                throw Lost(null);

            _end += count;
        }
        catch (SocketException exception)
        {
            throw Lost(exception);
        }
    }

    /// <summary>Waits for at most as long as one answer may take.</summary>
    private void WaitForBytes(string awaited)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (Stopwatch.GetElapsedTime(_asked) > _timeout * MaxPatience)
            throw new TargetException(
                TargetProblem.QmpSilent,
                $"{_name} sends on and on, and no whole answer to {awaited}"
            );

        long start = Stopwatch.GetTimestamp();
        while (!_socket.Poll(s_slice < _timeout ? s_slice : _timeout, SelectMode.SelectRead))
        {
            _cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(start) < _timeout)
                continue;

            string message =
                awaited != "the greeting" ? $"{_name} does not answer {awaited} within {_timeout.TotalMilliseconds} ms"
                : _isAccepted ? $"{_name} accepts the connection but does not greet"
                : $"{_name} accepts the connection but does not greet: another program is connected to it";
            throw new TargetException(TargetProblem.QmpSilent, message);
        }
    }

    private TargetException NotUnderstood(string message, Exception? inner = null) =>
        new(TargetProblem.QmpNotUnderstood, $"{_name}: {message}", inner);

    private TargetException Lost(Exception? inner) =>
        new(TargetProblem.QmpLost, $"{_name}: QEMU ended the connection", inner);

    private static string GetText(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement text)
            ? GetText(text)
            : "";

    /// <summary>
    /// The text that an element holds; empty when it holds none, or half a character, which JSON can write.
    /// </summary>
    private static string GetText(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static int GetNumber(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement number)
        && number.ValueKind == JsonValueKind.Number
        && number.TryGetInt32(out int value)
            ? value
            : 0;

    private static string Shorten(string text) => text.Length > 80 ? text[..80] + "..." : text;
}
