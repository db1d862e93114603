using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Osprey.Target.Backends.Sockets;

namespace Osprey.Target.Backends.Qemu.Qmp;

/// <summary>One connection to a QMP socket: lines of JSON to and fro, each wait of them bounded.</summary>
internal sealed class QmpConnection : IDisposable
{
    private const int MaxLineSize = 64 << 20;

    /// <summary>The longest time that a command may take, as a multiple of the longest silence.</summary>
    private const int MaxPatience = 2;

    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly string _name;
    private readonly bool _isAccepted;
    private byte[] _buffer = new byte[1 << 14];
    private int _start;
    private int _end;
    private long _asked;

    private QmpConnection(Socket socket, string name, bool isAccepted, TimeSpan timeout)
    {
        _socket = socket;
        _name = name;
        _isAccepted = isAccepted;
        Timeout = timeout;
        socket.SendTimeout = (int)timeout.TotalMilliseconds;
    }

    /// <summary>How long any one answer may take.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>The user's wish to end early.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Connects, unless another client is there.</summary>
    /// <exception cref="TargetException">
    /// Nobody is there, the user may not connect, or somebody else is connected.
    /// </exception>
    /// <exception cref="OperationCanceledException">The user wishes to end early.</exception>
    public static QmpConnection Open(QmpEndpoint endpoint, TimeSpan timeout, CancellationToken cancellation)
    {
        string name = $"QMP at {endpoint}";
        var connector = new ServerConnector(
            new ServerAddress(endpoint.UnixPath, endpoint.Host, endpoint.Port),
            timeout,
            cancellation
        );
        Socket? socket = null;
        try
        {
            connector.RequireFree(
                timeout / 2 < QmpPatience.Longest ? timeout / 2 : QmpPatience.Longest,
                QmpPatience.For
            );
            socket = connector.Connect();
            bool? isAccepted = connector.WaitUntilAccepted(socket);
            cancellation.ThrowIfCancellationRequested();
            if (isAccepted == false)
                throw connector.FindClient() is { } other
                    ? new ServerBusyException(other)
                    : new TargetException(
                        TargetProblem.QmpSilent,
                        $"{name} does not accept the connection within {timeout.TotalMilliseconds} ms"
                    );

            return new QmpConnection(socket, name, isAccepted == true, timeout) { Cancellation = cancellation };
        }
        catch (ServerBusyException busy)
        {
            socket?.Dispose();
            throw new TargetException(TargetProblem.QmpBusy, $"{name} is busy: {busy.Message}", busy);
        }
        catch (Exception failed) when (failed is SocketException or ArgumentException or TimeoutException)
        {
            socket?.Dispose();
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
            socket?.Dispose();
            throw;
        }
    }

    /// <summary>Starts the time of a command, which may not take forever however much is sent meanwhile.</summary>
    public void StartTime() => _asked = Stopwatch.GetTimestamp();

    /// <summary>Makes the exception for something that is not of the protocol.</summary>
    public TargetException NotUnderstood(string message, Exception? inner = null) =>
        new(TargetProblem.QmpNotUnderstood, $"{_name}: {message}", inner);

    /// <summary>The beginning of a text, for messages.</summary>
    public static string Shorten(string text) => text.Length > 80 ? text[..80] + "..." : text;

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Sends a command's line.</summary>
    /// <exception cref="TargetException">The connection is lost.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
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

    /// <summary>Waits for the next message.</summary>
    /// <param name="awaited">What it is waited for, for messages.</param>
    /// <returns>An object.</returns>
    /// <exception cref="TargetException">
    /// The connection is lost, the answer takes too long, or is not of the protocol.
    /// </exception>
    public JsonElement ReadMessage(string awaited)
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
        Cancellation.ThrowIfCancellationRequested();
        if (Stopwatch.GetElapsedTime(_asked) > Timeout * MaxPatience)
            throw new TargetException(
                TargetProblem.QmpSilent,
                $"{_name} sends on and on, and no whole answer to {awaited}"
            );

        long start = Stopwatch.GetTimestamp();
        while (!_socket.Poll(s_slice < Timeout ? s_slice : Timeout, SelectMode.SelectRead))
        {
            Cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(start) < Timeout)
                continue;

            string message =
                awaited != "the greeting" ? $"{_name} does not answer {awaited} within {Timeout.TotalMilliseconds} ms"
                : _isAccepted ? $"{_name} accepts the connection but does not greet"
                : $"{_name} accepts the connection but does not greet: another program is connected to it";
            throw new TargetException(TargetProblem.QmpSilent, message);
        }
    }

    private TargetException Lost(Exception? inner) =>
        new(TargetProblem.QmpLost, $"{_name}: QEMU ended the connection", inner);
}
