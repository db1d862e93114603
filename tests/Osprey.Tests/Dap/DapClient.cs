using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osprey.Tests.Dap;

/// <summary>A client of the Debug Adapter Protocol that sends bytes as they are.</summary>
internal sealed class DapClient : IDisposable
{
    private readonly Socket _socket;
    private readonly List<byte> _received = [];
    private readonly Queue<JsonObject> _events = [];
    private int _seq;

    public DapClient()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = 60_000,
        };
        _socket.Connect(listener.LocalEndPoint!);
        Socket accepted = listener.Accept();
        accepted.NoDelay = true;
        Server = new NetworkStream(accepted, ownsSocket: true);
    }

    /// <summary>The adapter's side.</summary>
    public Stream Server { get; }

    /// <summary>Called for each message, in the order in which they are sent and come.</summary>
    public Action<bool, JsonObject>? Seen { get; set; }

    /// <summary>Sends bytes.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>Sends a text as the body of a message.</summary>
    public void SendBody(string body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        Send(
            Encoding.ASCII.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes.Length}\r\n\r\n")
            )
        );
        Send(bytes);
    }

    /// <summary>Sends a request, and waits for its response.</summary>
    public JsonObject Ask(string command, string? arguments = null)
    {
        int seq = SendRequest(command, arguments);
        while (true)
        {
            JsonObject message = Read();
            if ((string?)message["type"] == "response" && (int)message["request_seq"]! == seq)
                return message;

            _events.Enqueue(message);
        }
    }

    /// <summary>Sends a request that must succeed, and gives the body of its response.</summary>
    public JsonNode Get(string command, string? arguments = null)
    {
        JsonObject response = Ask(command, arguments);
        Assert.True((bool)response["success"]!, response.ToJsonString());
        return response["body"] ?? new JsonObject();
    }

    /// <summary>Sends a request.</summary>
    /// <returns>Its number.</returns>
    public int SendRequest(string command, string? arguments = null)
    {
        var request = new JsonObject
        {
            ["seq"] = ++_seq,
            ["type"] = "request",
            ["command"] = command,
        };
        if (arguments is not null)
            request["arguments"] = JsonNode.Parse(arguments);

        Seen?.Invoke(true, request);
        SendBody(request.ToJsonString());
        return _seq;
    }

    /// <summary>Waits for an event.</summary>
    public JsonObject WaitFor(string name)
    {
        while (true)
        {
            JsonObject message = _events.Count > 0 ? _events.Dequeue() : Read();
            if ((string?)message["event"] == name)
                return message;
        }
    }

    /// <summary>Reads the next message.</summary>
    public JsonObject Read()
    {
        int end;
        while ((end = FindHeaderEnd()) < 0)
            Receive();

        string header = Encoding.ASCII.GetString([.. _received[..end]]);
        int length = int.Parse(header["Content-Length: ".Length..], CultureInfo.InvariantCulture);
        while (_received.Count < end + 4 + length)
            Receive();

        byte[] body = [.. _received[(end + 4)..(end + 4 + length)]];
        _received.RemoveRange(0, end + 4 + length);
        JsonObject message = JsonNode.Parse(body)!.AsObject();
        Seen?.Invoke(false, message);
        return message;
    }

    /// <summary>Goes away without a word.</summary>
    public void Leave() => _socket.Dispose();

    public void Dispose() => _socket.Dispose();

    private int FindHeaderEnd()
    {
        for (int i = 0; i + 3 < _received.Count; i++)
        {
            if (_received[i] == '\r' && _received[i + 1] == '\n' && _received[i + 2] == '\r')
                return i;
        }

        return -1;
    }

    private void Receive()
    {
        byte[] buffer = new byte[1 << 16];
        int count = _socket.Receive(buffer);
        if (count == 0)
            throw new JsonException("the adapter closed the connection");

        _received.AddRange(buffer.AsSpan(0, count));
    }
}
