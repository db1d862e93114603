using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Osprey.Tests.Builders.Rest;

/// <summary>A REST server on a real socket that behaves as OSv's, and that fails exactly as a test asks.</summary>
internal sealed class FakeRestServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly List<string> _log = [];

    public FakeRestServer(X509Certificate2? certificate = null, X509Certificate2? client = null)
    {
        if (certificate is not null)
        {
            _tls = new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate,
                ClientCertificateRequired = client is not null,
                RemoteCertificateValidationCallback = (_, shown, _, _) =>
                    client is null || (shown?.GetRawCertData().SequenceEqual(client.RawData) ?? false),
            };
        }

        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The guest that answers when no fault is asked for.</summary>
    public FakeRestGuest Guest { get; } = new();

    /// <summary>Returns the answer in place of the guest's; null lets the guest answer.</summary>
    public Func<FakeRestRequest, FakeRestReply?>? Fault { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"{(_tls is null ? "http" : "https")}://localhost:{Port}/";

    /// <summary>The requests so far, in order.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using TcpClient closed = connection;
        try
        {
            Stream stream = connection.GetStream();
            if (_tls is not null)
            {
                SslStream secure = new(stream);
                await secure.AuthenticateAsServerAsync(_tls, _end.Token);
                stream = secure;
            }

            if (await ReadAsync(stream) is { } request)
                await AnswerAsync(connection, stream, request);
        }
        catch (Exception e)
            when (e is IOException or OperationCanceledException or AuthenticationException or SocketException)
        {
            // The client closed the connection, or refused our certificate, which some tests expect.
        }
    }

    private async Task AnswerAsync(TcpClient connection, Stream stream, FakeRestRequest request)
    {
        FakeRestReply reply;
        lock (_log)
        {
            _log.Add(request.Line);
            reply = Fault?.Invoke(request) ?? Guest.Answer(request);
        }

        await stream.WriteAsync(reply.Bytes, _end.Token);
        await stream.FlushAsync(_end.Token);
        switch (reply.Then)
        {
            case FakeRestReply.End.Reset:
                connection.LingerState = new LingerOption(true, 0);
                break;
            case FakeRestReply.End.Stall:
                await Task.Delay(Timeout.Infinite, _end.Token);
                break;
            case FakeRestReply.End.RepeatForEver:
                while (true)
                    await stream.WriteAsync(new byte[4096], _end.Token);
            default:
                if (stream is SslStream secure)
                    await secure.ShutdownAsync();
                else
                    connection.Client.Shutdown(SocketShutdown.Send);
                break;
        }
    }

    private async Task<FakeRestRequest?> ReadAsync(Stream stream)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (!(head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n'))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0)
                return null;
            head.Add(one[0]);
        }

        FakeRestRequest request = FakeRestRequest.Parse([.. head], []);
        string? length = request
            .Head.Split("\r\n")
            .FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        byte[] body = new byte[length is null ? 0 : int.Parse(length[16..])];
        await stream.ReadExactlyAsync(body, _end.Token);
        return FakeRestRequest.Parse([.. head], body);
    }
}
