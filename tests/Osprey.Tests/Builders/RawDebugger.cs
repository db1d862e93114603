using System.Net;
using System.Net.Sockets;
using System.Text;
using Osprey.Rsp.Server;

namespace Osprey.Tests.Builders;

/// <summary>A debugger that sends bytes as they are, connected to the server's side of the protocol.</summary>
internal sealed class RawDebugger : IDisposable
{
    private readonly Socket _socket;

    public RawDebugger()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = 30_000,
        };
        _socket.Connect(listener.LocalEndPoint!);
        Socket accepted = listener.Accept();
        accepted.NoDelay = true;
        Server = new RspServerConnection(new NetworkStream(accepted, ownsSocket: true));
    }

    /// <summary>The server's side.</summary>
    public RspServerConnection Server { get; }

    /// <summary>Sends bytes.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>Sends a packet.</summary>
    public void SendPacket(string payload) => Send(Encoding.Latin1.GetBytes(Frame(payload)));

    /// <summary>Sends a packet, and gives the next one that comes, without its frame.</summary>
    public string Ask(string payload)
    {
        SendPacket(payload);
        return ReadPacket();
    }

    /// <summary>Reads up to the end of the next packet, and gives what it holds.</summary>
    public string ReadPacket()
    {
        var text = new StringBuilder();
        while (ReadByte() != '$')
            continue;

        for (char next = ReadByte(); next != '#'; next = ReadByte())
            text.Append(next == '}' ? (char)(ReadByte() ^ 0x20) : next);

        ReadByte();
        ReadByte();
        return text.ToString();
    }

    /// <summary>Reads some bytes as they are.</summary>
    public string Read(int count)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
            text.Append(ReadByte());

        return text.ToString();
    }

    /// <summary>Ends the connection.</summary>
    public void Leave() => _socket.Dispose();

    public void Dispose()
    {
        _socket.Dispose();
        Server.Dispose();
    }

    /// <summary>A payload of plain text with its frame.</summary>
    public static string Frame(string payload)
    {
        int sum = 0;
        foreach (char letter in payload)
            sum += letter;

        return $"${payload}#{sum & 0xff:x2}";
    }

    private char ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return _socket.Receive(one) == 1 ? (char)one[0] : throw new IOException("the server has left");
    }
}
