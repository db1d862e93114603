using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Osprey.Dap.Protocol.Bodies;
using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol;

/// <summary>The adapter's side of a connection with a client: requests come out of it, the rest goes into it.</summary>
/// <remarks>
/// A thread of its own reads, so that the wish to cancel a request is seen while that is worked on. All is bounded:
/// messages by their size, and requests that wait by their number; a client that sends more waits.
/// </remarks>
internal sealed class DapConnection : IDisposable
{
    private const int MaxWaiting = 1024;

    /// <summary>
    /// How long a request may take once the client said farewell: scripts send all that they want at once.
    /// </summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Stream _input;
    private readonly Stream _output;
    private readonly BlockingCollection<DapInput> _inputs = new(MaxWaiting);
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _writing = new();
    private readonly Lock _cancelling = new();
    private readonly HashSet<int> _cancelled = [];

    /// <summary>The requests that came, and on which the work has not begun.</summary>
    private readonly HashSet<int> _waiting = [];
    private readonly ArrayBufferWriter<byte> _body = new();
    private (int Seq, CancellationTokenSource Cancellation)? _current;
    private TimeSpan? _patience;
    private int _seq;

    /// <summary>Begins a conversation.</summary>
    /// <param name="input">The stream from the client; owned from then on.</param>
    /// <param name="output">The stream to the client; owned, too.</param>
    public DapConnection(Stream input, Stream output)
    {
        _input = input;
        _output = output;
        new Thread(ReadAll) { IsBackground = true, Name = "client's requests" }.Start();
    }

    /// <summary>Waits for the next input.</summary>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null when none came in time.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public DapInput? Receive(TimeSpan timeout, CancellationToken cancellation)
    {
        if (_inputs.TryTake(out DapInput? input, (int)timeout.TotalMilliseconds, cancellation))
            return input;

        return _inputs.IsCompleted ? new DapInput(DapInputKind.Closed) : null;
    }

    /// <summary>Begins the work on a request; what is returned is cancelled when the client wants it no more.</summary>
    public CancellationTokenSource Begin(DapInput request, CancellationToken cancellation)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lock (_cancelling)
        {
            _current = (request.Seq, source);
            _waiting.Remove(request.Seq);
            if (_cancelled.Remove(request.Seq))
                source.Cancel();
            else if (_patience is { } patience && !IsFarewell(request))
                source.CancelAfter(patience);
        }

        return source;
    }

    /// <summary>Ends the work on a request.</summary>
    public void End()
    {
        lock (_cancelling)
            _current = null;
    }

    /// <summary>Answers a request.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public void Respond<TBody>(DapInput request, TBody body, JsonTypeInfo<TBody> type) =>
        Write(json =>
        {
            WriteResponse(json, request, success: true);
            json.WritePropertyName("body"u8);
            JsonSerializer.Serialize(json, body, type);
        });

    /// <summary>Answers a request that has no answer but that it was done.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public void Respond(DapInput request) => Write(json => WriteResponse(json, request, success: true));

    /// <summary>Answers a request that can't be done.</summary>
    /// <param name="request">The request.</param>
    /// <param name="message">The reason, or a word of the protocol such as "notStopped".</param>
    /// <param name="text">The reason in words; null when the message says it.</param>
    /// <exception cref="IOException">The connection is gone.</exception>
    public void Fail(DapInput request, string message, string? text = null) =>
        Write(json =>
        {
            WriteResponse(json, request, success: false);
            json.WriteString("message"u8, message);
            json.WritePropertyName("body"u8);
            var error = new DapError
            {
                Id = 1,
                Format = (text ?? message).Replace("{", "(", StringComparison.Ordinal),
                ShowUser = request.Command is "attach" or "launch",
            };
            JsonSerializer.Serialize(json, new ErrorBody { Error = error }, DapJson.Default.ErrorBody);
        });

    /// <summary>Tells the client of an event.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public void Tell<TBody>(string name, TBody body, JsonTypeInfo<TBody> type) =>
        Write(json =>
        {
            WriteEvent(json, name);
            json.WritePropertyName("body"u8);
            JsonSerializer.Serialize(json, body, type);
        });

    /// <summary>Tells the client of an event that says all by its name.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public void Tell(string name) => Write(json => WriteEvent(json, name));

    /// <summary>Has the client show a text.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public void Print(string text, string category = "console") =>
        Tell("output", new OutputBody { Category = category, Output = text }, DapJson.Default.OutputBody);

    /// <inheritdoc/>
    public void Dispose()
    {
        _ending.Cancel();
        _input.Dispose();
        _output.Dispose();
    }

    private void ReadAll()
    {
        byte[] buffer = new byte[1 << 16];
        var framing = new DapFraming();
        try
        {
            while (!_ending.IsCancellationRequested)
            {
                int count = _input.Read(buffer, 0, buffer.Length);
                if (count <= 0)
                    break;

                framing.Add(buffer.AsSpan(0, count));
                while (framing.Take() is { } input)
                {
                    if (input is { Kind: DapInputKind.Request, Command: "cancel" })
                    {
                        Cancel(input);
                        continue;
                    }

                    if (input.Kind == DapInputKind.Request)
                    {
                        if (IsFarewell(input))
                            EndWork(s_patience);

                        lock (_cancelling)
                            _waiting.Add(input.Seq);
                    }

                    _inputs.Add(input, _ending.Token);
                }
            }
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client is gone, or is not wanted any more.
        }
        finally
        {
            _inputs.CompleteAdding();
            if (_input == _output) // a socket; who closes the input of a program may still read its output
                EndWork(TimeSpan.Zero);
        }
    }

    private static bool IsFarewell(DapInput request) => request.Command is "disconnect" or "terminate";

    /// <summary>Gives the work on what was asked for a time to end, each request's: the client leaves.</summary>
    private void EndWork(TimeSpan patience)
    {
        lock (_cancelling)
        {
            _patience = patience;
            _current?.Cancellation.CancelAfter(patience);
        }
    }

    private void Cancel(DapInput request)
    {
        if (
            request.Arguments.ValueKind == JsonValueKind.Object
            && request.Arguments.TryGetProperty("requestId", out JsonElement id)
            && id.ValueKind == JsonValueKind.Number
            && id.TryGetInt32(out int seq)
        )
        {
            lock (_cancelling)
            {
                if (_current is { } current && current.Seq == seq)
                    current.Cancellation.Cancel();
                else if (_waiting.Contains(seq))
                    _cancelled.Add(seq);
            }
        }

        Respond(request);
    }

    private static void WriteResponse(Utf8JsonWriter json, DapInput request, bool success)
    {
        json.WriteString("type"u8, "response"u8);
        json.WriteNumber("request_seq"u8, request.Seq);
        json.WriteBoolean("success"u8, success);
        json.WriteString("command"u8, request.Command);
    }

    private static void WriteEvent(Utf8JsonWriter json, string name)
    {
        json.WriteString("type"u8, "event"u8);
        json.WriteString("event"u8, name);
    }

    private void Write(Action<Utf8JsonWriter> write)
    {
        lock (_writing)
        {
            _body.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_body, s_options))
            {
                json.WriteStartObject();
                json.WriteNumber("seq"u8, ++_seq);
                write(json);
                json.WriteEndObject();
            }

            try
            {
                string header = string.Create(
                    CultureInfo.InvariantCulture,
                    $"Content-Length: {_body.WrittenCount}\r\n\r\n"
                );
                _output.Write(Encoding.ASCII.GetBytes(header));
                _output.Write(_body.WrittenSpan);
                _output.Flush();
            }
            catch (ObjectDisposedException gone)
            {
                throw new IOException("the connection was closed", gone);
            }
        }
    }
}
