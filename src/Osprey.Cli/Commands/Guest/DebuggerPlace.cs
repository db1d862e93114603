using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Osprey.Cli.Rendering.Streams;
using Osprey.Target;

namespace Osprey.Cli.Commands.Guest;

/// <summary>
/// The place where debuggers reach a server: a TCP port, a Unix socket, or the program's own streams.
/// </summary>
internal sealed class DebuggerPlace : IDisposable
{
    /// <summary>The words for the program's own streams.</summary>
    public const string Streams = "-";

    private const int MaxDebuggers = 64;

    private readonly Socket? _listener;
    private readonly string? _path;
    private int _connected;

    private DebuggerPlace(Socket? listener, string? path, string address)
    {
        _listener = listener;
        _path = path;
        Address = address;
    }

    /// <summary>The address, as gdb takes it.</summary>
    public string Address { get; }

    /// <summary>Begins to listen.</summary>
    /// <param name="text"><c>HOST:PORT</c>, <c>:PORT</c> (this host alone), <c>unix:PATH</c> or <c>-</c>.</param>
    /// <exception cref="UsageException">It is none of these.</exception>
    /// <exception cref="CommandFailedException">One can't listen there.</exception>
    public static DebuggerPlace Open(string text)
    {
        if (text == Streams)
            return new DebuggerPlace(null, null, "|");

        string? path = text.StartsWith("unix:", StringComparison.Ordinal) ? text["unix:".Length..] : null;
        if (path is { Length: 0 })
            throw Malformed(text);

        Socket? socket = null;
        try
        {
            EndPoint place = path is null ? FindPlace(text) : new UnixDomainSocketEndPoint(path);
            if (path is not null)
                RemoveDead(path, place);

            socket = new Socket(
                place.AddressFamily,
                SocketType.Stream,
                path is null ? ProtocolType.Tcp : ProtocolType.Unspecified
            );
            socket.Bind(place);
            socket.Listen();
            string address = socket.LocalEndPoint is IPEndPoint bound
                ? $"{(IPAddress.IsLoopback(bound.Address) ? "localhost" : bound.Address)}:{bound.Port}"
                : path!;
            return new DebuggerPlace(socket, path, address);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            socket?.Dispose();
            throw new CommandFailedException($"can't listen on {text}: {Describe(exception)}");
        }
    }

    /// <summary>Serves debuggers until the program is to end, or, on its own streams, until the one leaves.</summary>
    /// <param name="serve">
    /// Serves one of them, by the streams from it and to it, who is on this host or not; it ends with it.
    /// </param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="TargetException">The guest can't be reached any more.</exception>
    public void Serve(Action<Stream, Stream, bool> serve, CancellationToken cancellation)
    {
        if (_listener is null)
        {
            serve(StandardStreams.OpenInput(), Console.OpenStandardOutput(), true);
            return;
        }

        var debuggers = new List<Task>();
        TargetException? lost = null;
        while (!cancellation.IsCancellationRequested && Volatile.Read(ref lost) is null)
        {
            debuggers.RemoveAll(debugger => debugger.IsCompleted);
            if (!_listener.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead))
                continue;

            Socket socket = _listener.Accept();
            if (debuggers.Count == MaxDebuggers)
            {
                socket.Dispose();
                continue;
            }

            if (socket.AddressFamily != AddressFamily.Unix)
                socket.NoDelay = true;

            int number = ++_connected;
            Messages.Note(string.Create(CultureInfo.InvariantCulture, $"osprey: debugger {number} connected"));
            debuggers.Add(
                Task.Factory.StartNew(
                    () =>
                    {
                        try
                        {
                            bool isLocal =
                                socket.RemoteEndPoint is not IPEndPoint { Address: { } from }
                                || IPAddress.IsLoopback(from);
                            var stream = new NetworkStream(socket, ownsSocket: true);
                            serve(stream, stream, isLocal);
                            Messages.Note(
                                string.Create(CultureInfo.InvariantCulture, $"osprey: debugger {number} left")
                            );
                        }
                        catch (TargetException exception)
                        {
                            Volatile.Write(ref lost, exception);
                        }
                    },
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            );
        }

        Task.WaitAll([.. debuggers], TimeSpan.FromSeconds(5));
        if (lost is not null)
            throw lost;
    }

    public void Dispose()
    {
        _listener?.Dispose();
        if (_path is not null)
            File.Delete(_path);
    }

    /// <summary>Removes a socket that a program left when it was killed: nobody listens there.</summary>
    /// <exception cref="CommandFailedException">Something else has the path.</exception>
    private static void RemoveDead(string path, EndPoint place)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
            return;

        using var probe = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(place);
        }
        catch (SocketException refused)
            when (refused.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(path))
        {
            File.Delete(path);
        }
        catch (SocketException) when (!IsSocket(path))
        {
            throw new CommandFailedException($"can't listen on unix:{path}: another file has this name");
        }
        catch (SocketException)
        {
            // It is in use, as binding it will say.
        }
    }

    /// <summary>Tells whether a file is a socket: the only one that nobody can open (ENXIO).</summary>
    private static bool IsSocket(string path)
    {
        const int NoSuchDevice = 6;
        try
        {
            // For reading and writing, so that a pipe does not wait for its other end.
            using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(
                path,
                FileMode.Open,
                FileAccess.ReadWrite
            );
            return false;
        }
        catch (IOException failed)
        {
            return failed.HResult == NoSuchDevice;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IPEndPoint FindPlace(string text)
    {
        int colon = text.LastIndexOf(':');
        if (
            colon < 0
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port > IPEndPoint.MaxPort
        )
            throw Malformed(text);

        string host = text[..colon].Trim('[', ']');
        if (host is "" or "localhost")
            return new IPEndPoint(IPAddress.Loopback, port);

        return new IPEndPoint(
            IPAddress.TryParse(host, out IPAddress? address) ? address
                : host == "*" ? IPAddress.Any
                : Dns.GetHostAddresses(host, AddressFamily.InterNetwork)[0],
            port
        );
    }

    private static UsageException Malformed(string text) =>
        new($"--listen: '{text}' is no place to listen; expected HOST:PORT, unix:PATH or -");

    private static string Describe(Exception exception) =>
        exception is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            ? "it is in use"
            : exception.Message;
}
