using System.Net.Sockets;
using System.Text;

namespace Osprey.Tests.Builders.Guests;

/// <summary>
/// A QMP socket that accepts one client after the other, and answers each line with an answer for that line.
/// </summary>
internal sealed class AnsweringQmp : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Thread _thread;

    public AnsweringQmp()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen(8);
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The path of the socket.</summary>
    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"osprey-{Guid.NewGuid():n}.qmp");

    /// <summary>
    /// Returns the answer to a line; the line's id is added to it. For an empty line it is the greeting. After an
    /// answer that does not end in a line feed, the connection is closed.
    /// </summary>
    public Func<string, string> Answer { get; set; } = line => line.Length == 0 ? FakeQmp.Greeting : FakeQmp.Done;

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join(TimeSpan.FromSeconds(5));
        File.Delete(Path);
    }

    private void Serve()
    {
        while (true)
        {
            try
            {
                using Socket client = _listener.Accept();
                Serve(client);
            }
            catch (Exception exception) when (exception is IOException)
            {
                // The client has left.
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Serve(Socket client)
    {
        using var stream = new NetworkStream(client);
        using var reader = new StreamReader(stream);
        for (string? line = ""; line is not null; line = reader.ReadLine())
        {
            string answer = FakeQmp.WithId(Answer(line), line);
            stream.Write(Encoding.UTF8.GetBytes(answer));
            if (!answer.EndsWith('\n'))
                return;
        }
    }
}
