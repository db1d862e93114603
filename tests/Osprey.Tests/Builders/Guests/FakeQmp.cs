using System.Net.Sockets;
using System.Text;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Tests.Builders.Guests;

/// <summary>
/// A QMP socket with fixed answers: first the greeting, then for each line that arrives the next answer. An answer can
/// be several lines, or half of one. As with QEMU, it gets the id of the line that arrived, unless it has one.
/// </summary>
internal sealed class FakeQmp : IDisposable
{
    public const string Greeting =
        """{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": """
        + """7}, "package": ""}, "capabilities": ["oob"]}}"""
        + "\r\n";
    public const string Done = """{"return": {}}""" + "\r\n";

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"osprey-{Guid.NewGuid():n}.qmp");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task _task;

    /// <param name="answers">
    /// The greeting, and the answer to each line. After the last one the connection is closed; null sends nothing more
    /// and keeps the connection open.
    /// </param>
    public FakeQmp(params string?[] answers)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen(1);
        _task = Task.Run(() => Serve(answers));
    }

    /// <summary>Adds the id of the request, if there is one, to the answers that have none.</summary>
    public static string WithId(string answer, string request)
    {
        int at = request.LastIndexOf("\"id\":", StringComparison.Ordinal);
        if (at < 0)
            return answer;

        string id = request[at..].TrimEnd('}');
        return string.Join(
            '\n',
            answer
                .Split('\n')
                .Select(line =>
                    line.Contains("\"id\":", StringComparison.Ordinal)
                        ? line
                        : line.Replace("{\"return\":", $"{{{id},\"return\":", StringComparison.Ordinal)
                            .Replace("{\"error\":", $"{{{id},\"error\":", StringComparison.Ordinal)
                )
        );
    }

    /// <summary>The path of the socket.</summary>
    public QmpEndpoint Endpoint => QmpEndpoint.Unix(_path);

    /// <summary>What is sent again and again where nothing more is answered; null for nothing.</summary>
    public string? Repeated { get; init; }

    /// <summary>The lines that arrived.</summary>
    public List<string> Received { get; } = [];

    public void Dispose()
    {
        _listener.Dispose();
        _task.Wait(TimeSpan.FromSeconds(5));
        File.Delete(_path);
    }

    private void Serve(string?[] answers)
    {
        try
        {
            using Socket client = _listener.Accept();
            using var stream = new NetworkStream(client);
            using var reader = new StreamReader(stream);
            string? line = "";
            for (int i = 0; i < answers.Length; i++)
            {
                if (i > 0)
                {
                    line = reader.ReadLine();
                    if (line is null)
                        return;

                    Received.Add(line);
                }

                if (answers[i] is not { } answer)
                {
                    while (Repeated is { } text)
                    {
                        stream.Write(Encoding.UTF8.GetBytes(text));
                        Thread.Sleep(20);
                    }

                    reader.ReadToEnd();
                    return;
                }

                stream.Write(Encoding.UTF8.GetBytes(WithId(answer, line)));
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
