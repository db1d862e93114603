using System.Buffers;
using System.Text.Json;

namespace Osprey.Target.Backends.Qemu.Qmp;

/// <summary>
/// A client of the QEMU Machine Protocol: one command after the other, a line of JSON each. What arrives between is an
/// event, and kept, or the answer to a command that was given up, and dropped. A QMP socket has one client at a time:
/// the next one connects, but hears nothing until the first has left.
/// </summary>
/// <remarks>Commands of several threads wait for each other.</remarks>
public sealed class QmpClient : IDisposable
{
    private const int MaxEvents = 10_000;

    private readonly Lock _gate = new();
    private readonly QmpEndpoint _endpoint;
    private readonly TimeSpan _connectTimeout;
    private readonly List<QmpEvent> _events = [];
    private QmpConnection? _connection;
    private TimeSpan _timeout;
    private CancellationToken _cancellation;
    private long _lastId;
    private Timer? _rest;
    private TimeSpan _idle;
    private Func<bool>? _isStillThere;
    private int _holds;
    private bool _isDisposed;

    private QmpClient(QmpEndpoint endpoint, TimeSpan timeout, CancellationToken cancellation)
    {
        _endpoint = endpoint;
        _connectTimeout = timeout;
        _timeout = timeout;
        _cancellation = cancellation;
    }

    /// <summary>QEMU's version as its greeting says it, such as "7.2.22"; empty when it does not.</summary>
    public string Version { get; private set; } = "";

    /// <summary>
    /// The events that happened to the guest while there was a connection, in order.
    /// </summary>
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
        var client = new QmpClient(endpoint, timeout, cancellation);
        try
        {
            client.Open();
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Has the connection closed whenever nothing was asked for a while, for others to ask, and made anew when
    /// something is.
    /// </summary>
    /// <param name="idle">The while.</param>
    /// <param name="isStillThere">Tells whether it is the same QEMU that would answer.</param>
    public void RestWhenIdle(TimeSpan idle, Func<bool> isStillThere)
    {
        lock (_gate)
        {
            _idle = idle;
            _isStillThere = isStillThere;
            _rest ??= new Timer(_ => Rest());
            AwaitRest();
        }
    }

    /// <summary>
    /// Keeps the connection until the result is disposed, as somebody does who has stopped the guest and must be able
    /// to let it run again.
    /// </summary>
    public IDisposable Hold()
    {
        lock (_gate)
            _holds++;

        return new Holding(this);
    }

    /// <summary>
    /// Makes later waits end by their time limit alone, as a guest that is to be let run again needs it.
    /// </summary>
    internal void IgnoreCancellation()
    {
        _cancellation = CancellationToken.None;
        _connection?.Cancellation = CancellationToken.None;
    }

    /// <summary>Changes how long any one answer may take from now on.</summary>
    internal void SetTimeout(TimeSpan timeout)
    {
        _timeout = timeout;
        _connection?.Timeout = timeout;
    }

    /// <summary>Runs a command.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="writeArguments">Writes the members of its arguments; null for none.</param>
    /// <returns>What it returned.</returns>
    /// <exception cref="QmpException">QEMU refused it.</exception>
    /// <exception cref="TargetException">The connection is lost or the answer takes too long.</exception>
    public JsonElement Execute(string command, Action<Utf8JsonWriter>? writeArguments = null)
    {
        lock (_gate)
        {
            QmpConnection connection = _connection ?? Reopen();
            try
            {
                return ExecuteAlone(connection, command, writeArguments);
            }
            finally
            {
                AwaitRest();
            }
        }
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
    public void Dispose()
    {
        // Not within the lock: who waits for an answer on another thread is to be woken.
        _isDisposed = true;
        _rest?.Dispose();
        _connection?.Dispose();
    }

    private QmpConnection Reopen()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isStillThere?.Invoke() == false)
            throw new TargetException(TargetProblem.QmpLost, $"QMP at {_endpoint}: QEMU has ended");

        return Open();
    }

    private QmpConnection Open()
    {
        var connection = QmpConnection.Open(_endpoint, _connectTimeout, _cancellation);
        try
        {
            Greet(connection);
            connection.Timeout = _timeout;
            return _connection = connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Closes the connection if nothing was asked since the time was set.</summary>
    private void Rest()
    {
        // While something is asked the time is set again at its end.
        if (!_gate.TryEnter())
            return;

        try
        {
            if (_holds > 0)
                return;

            _connection?.Dispose();
            _connection = null;
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void AwaitRest()
    {
        if (!_isDisposed && _holds == 0)
            _rest?.Change(_idle, Timeout.InfiniteTimeSpan);
    }

    private JsonElement ExecuteAlone(QmpConnection connection, string command, Action<Utf8JsonWriter>? writeArguments)
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
        connection.StartTime();
        connection.Send(request.WrittenSpan);
        while (true)
        {
            JsonElement message = connection.ReadMessage(command);
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

    private void Greet(QmpConnection connection)
    {
        connection.StartTime();
        JsonElement greeting = connection.ReadMessage("the greeting");
        if (!greeting.TryGetProperty("QMP", out JsonElement qmp))
            throw connection.NotUnderstood(
                $"expected a QMP greeting, found {QmpConnection.Shorten(greeting.GetRawText())}"
            );

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

        // It is there, and nobody else's: on a busy host it may take its time.
        connection.Timeout *= 3;
        ExecuteAlone(connection, "qmp_capabilities", null);
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

    private sealed class Holding(QmpClient client) : IDisposable
    {
        private bool _isReleased;

        public void Dispose()
        {
            lock (client._gate)
            {
                if (_isReleased)
                    return;

                _isReleased = true;
                client._holds--;
                client.AwaitRest();
            }
        }
    }
}
