using System.Buffers;
using System.Net.Sockets;
using System.Text;
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
    private const int MaxLineSize = 64 << 20;
    private const int MaxEvents = 10_000;

    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly string _name;
    private readonly List<QmpEvent> _events = [];
    private byte[] _buffer = new byte[1 << 14];
    private int _start;
    private int _end;
    private long _lastId;

    private QmpClient(Socket socket, string name)
    {
        _socket = socket;
        _name = name;
    }

    /// <summary>QEMU's version as its greeting says it, such as "7.2.22"; empty when it does not.</summary>
    public string Version { get; private set; } = "";

    /// <summary>The events that happened to the guest since the connection was made, in order.</summary>
    public IReadOnlyList<QmpEvent> Events => _events;

    /// <summary>Answers that came when their command had been given up.</summary>
    public long LateAnswers { get; private set; }

    /// <summary>Connects and greets.</summary>
    /// <param name="endpoint">Where QEMU listens.</param>
    /// <param name="timeout">How long any one answer may take.</param>
    /// <exception cref="TargetException">
    /// Nobody is there, the user may not connect, or somebody else is connected.
    /// </exception>
    public static QmpClient Connect(QmpEndpoint endpoint, TimeSpan timeout)
    {
        string name = $"QMP at {endpoint}";
        Socket socket;
        try
        {
            socket = endpoint.Connect();
        }
        catch (SocketException exception)
        {
            throw new TargetException(
                exception.SocketErrorCode == SocketError.AccessDenied
                    ? TargetProblem.QmpNotPermitted
                    : TargetProblem.Other,
                $"can't connect to {name}: {exception.Message}",
                exception
            );
        }

        var client = new QmpClient(socket, name);
        try
        {
            socket.ReceiveTimeout = socket.SendTimeout = (int)timeout.TotalMilliseconds;
            client.Greet();
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
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
        JsonElement greeting = ReadMessage("the greeting");
        if (!greeting.TryGetProperty("QMP", out JsonElement qmp))
            throw new TargetException($"{_name}: expected a QMP greeting, found {Shorten(greeting.GetRawText())}");

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
                : throw new TargetException(
                    $"{_name}: expected an object as answer to {awaited}, found {Shorten(message.GetRawText())}"
                );
        }
        catch (JsonException exception)
        {
            throw new TargetException(
                $"{_name}: expected JSON as answer to {awaited}, found {Shorten(Encoding.UTF8.GetString(line))}",
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
                throw new TargetException($"{_name}: the answer to {awaited} is over {MaxLineSize} bytes");

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        try
        {
            int count = _socket.Receive(_buffer.AsSpan(_end));
            if (count == 0)
                throw Lost(null);

            _end += count;
        }
        catch (SocketException exception)
            when (exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock or SocketError.TryAgain)
        {
            string message =
                awaited == "the greeting"
                    ? $"{_name} accepts the connection but does not greet: another program is connected to it"
                    : $"{_name} does not answer {awaited} within {_socket.ReceiveTimeout} ms";
            throw new TargetException(TargetProblem.QmpSilent, message, exception);
        }
        catch (SocketException exception)
        {
            throw Lost(exception);
        }
    }

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
