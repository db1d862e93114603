using System.Text;
using Osprey.Rsp.Framing;
using Osprey.Rsp.Packets;

namespace Osprey.Rsp.Client;

/// <summary>The debugger's side of the GDB Remote Serial Protocol, over a stream to a stub such as QEMU's.</summary>
/// <remarks>
/// Reads only: it neither writes to the program nor lets it run. Every packet is acknowledged; QEMU knows nothing else.
/// Calls wait for each other, so <see cref="Cancel"/> and <see cref="Detach"/> may come from another thread.
/// </remarks>
public sealed class RspClient : IDisposable
{
    private const int MaxThreads = 4096;

    private readonly Lock _gate = new();
    private readonly RspConnection _connection;
    private readonly RspExchange _exchange;
    private RspMemory? _memory;

    /// <param name="stream">
    /// The way to the stub; closed with the client. Its reads must time out by <see cref="Stream.ReadTimeout"/> and
    /// work on after that.
    /// </param>
    /// <param name="options">How patient to be; null for the usual.</param>
    /// <param name="transcript">Where to write the conversation down; null for nowhere.</param>
    public RspClient(Stream stream, RspOptions? options = null, RspTranscript? transcript = null)
    {
        options ??= RspOptions.Default;
        _connection = new RspConnection(stream, options, transcript);
        _exchange = new RspExchange(_connection, options);
    }

    /// <summary>What the stub can do; what every stub can before <see cref="Handshake"/>.</summary>
    public StubFeatures Features { get; private set; } = new();

    /// <summary>
    /// The first stop packet that came without being asked for. QEMU before 8.1 sends one on connecting to a running
    /// guest.
    /// </summary>
    public StopReply? FirstStop => _exchange.FirstStop;

    /// <summary>
    /// How many stop packets came without being asked for. When it grows, somebody let the guest run.
    /// </summary>
    public int StopCount => _exchange.StopCount;

    /// <summary>Asks the stub what it can do. The first thing to call.</summary>
    /// <exception cref="RspException">It does not answer, or not as a stub does.</exception>
    public StubFeatures Handshake()
    {
        lock (_gate)
        {
            StubFeatures features = StubFeatures.Parse(
                _exchange.Request("qSupported:multiprocess+;xmlRegisters=i386"u8)
            );
            Features = features.WithQemu(_exchange.Request("qqemu.Supported"u8));
            _memory = new RspMemory(_exchange, features.PacketSize);

            // A debugger that was killed may have left it on.
            if (Features.HasPhysicalMemoryMode)
            {
                _memory.LeavePhysicalMode();
                _exchange.Reordered = _memory.LeavePhysicalMode;
            }

            return Features;
        }
    }

    /// <summary>Sends any request that has one reply.</summary>
    /// <returns>The reply; empty when the stub does not know the request.</returns>
    public byte[] Request(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
            return _exchange.Request(payload);
    }

    /// <summary>Runs a command of the stub's own, QEMU's monitor (<c>qRcmd</c>), and gives what it printed.</summary>
    /// <returns>Null when the stub has no commands.</returns>
    /// <exception cref="RspException">It refuses, or prints more than the limit.</exception>
    public string? Monitor(string command)
    {
        byte[] request = Encoding.ASCII.GetBytes($"qRcmd,{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(command))}");
        lock (_gate)
        {
            using var output = new MemoryStream();
            _exchange.Begin(request);
            while (true)
            {
                byte[] reply =
                    _exchange.TryReceiveReply(request, askAgain: false)
                    ?? throw new RspException($"the monitor did not finish \"{command}\" in time");
                _connection.Flush();
                if (reply.Length == 0)
                    return null;

                if (ErrorReply.TryParse(reply, out ErrorReply error))
                    throw new RspException($"the monitor refused \"{command}\": {error}");

                bool isLast = reply.AsSpan().SequenceEqual("OK"u8);
                byte[]? text = isLast ? [] : MonitorOutput.TryParse(reply);
                if (text is null)
                {
                    // A stub may give all of the output as its one reply.
                    isLast = true;
                    text = RspHex.Decode(reply) ?? throw Unexpected("output in hex", request, reply);
                }

                if (text.Length > _exchange.Options.MaxText - output.Length)
                {
                    _exchange.Distrust();
                    throw new RspException($"\"{command}\" printed more than {_exchange.Options.MaxText} bytes");
                }

                output.Write(text);
                if (isLast)
                    return Encoding.UTF8.GetString(output.GetBuffer().AsSpan(0, (int)output.Length));
            }
        }
    }

    /// <summary>Lists the threads; of QEMU, the vCPUs of the processes that are attached.</summary>
    public IReadOnlyList<ThreadId> ReadThreads()
    {
        lock (_gate)
        {
            var threads = new List<ThreadId>();
            ReadOnlySpan<byte> request = "qfThreadInfo"u8;
            while (true)
            {
                byte[] reply = _exchange.Request(request);
                if (!ThreadList.TryParse(reply, out IReadOnlyList<ThreadId>? ids))
                    throw Unexpected("thread ids", request, reply);

                if (ids.Count == 0)
                    return threads;

                threads.AddRange(ids);
                if (threads.Count > MaxThreads)
                    throw new RspException($"the stub lists over {MaxThreads} threads");

                request = "qsThreadInfo"u8;
            }
        }
    }

    /// <summary>Reads the stub's description of its registers; null when it has none.</summary>
    /// <exception cref="RspException">It is malformed.</exception>
    public TargetDescription? ReadTargetDescription()
    {
        lock (_gate)
        {
            if (!Features.HasTargetDescription)
                return null;

            string? top = ReadDocument("target.xml");
            return top is null ? null : TargetDescription.Parse(top, ReadDocument);
        }
    }

    /// <summary>Makes a thread the one whose registers and address space are read.</summary>
    public void SelectThread(ThreadId thread) => Expect([.. "Hg"u8, .. thread.ToBytes()]);

    /// <summary>Reads the selected thread's registers.</summary>
    public RegisterBlock ReadRegisters(TargetDescription description)
    {
        byte[] reply = Request("g"u8);
        return reply.Length == 0 || ErrorReply.TryParse(reply, out _)
            ? throw Unexpected("registers", "g"u8, reply)
            : RegisterBlock.Parse(reply, description);
    }

    /// <summary>
    /// Reads one register of the selected thread, as the bytes that it has there; null when the stub refuses.
    /// </summary>
    public byte[]? ReadRegister(int number)
    {
        byte[] request = Encoding.ASCII.GetBytes($"p{number:x}");
        byte[] reply = Request(request);
        if (reply.Length == 0 || ErrorReply.TryParse(reply, out _) || reply.AsSpan().Contains((byte)'x'))
            return null;

        return RspHex.Decode(reply) ?? throw Unexpected("a register's value in hex", request, reply);
    }

    /// <summary>
    /// Copies what can be read of the selected thread's address space; stops at the first byte that can't.
    /// </summary>
    /// <returns>The bytes copied.</returns>
    public int ReadMemory(ulong address, Span<byte> buffer) => ReadMemory(address, buffer, physical: false);

    /// <summary>
    /// Copies guest-physical memory. QEMU refuses nothing here, and reading a device may change its state: ask only for
    /// what is known to be memory.
    /// </summary>
    /// <returns>The bytes copied.</returns>
    /// <exception cref="RspException">The stub has no physical mode.</exception>
    public int ReadPhysicalMemory(ulong address, Span<byte> buffer) =>
        Features.HasPhysicalMemoryMode
            ? ReadMemory(address, buffer, physical: true)
            : throw new RspException("the stub can't read by physical address");

    /// <summary>Lets go of a process: its breakpoints are removed and it runs on.</summary>
    /// <param name="process">The process; null for the only one of a stub that names none.</param>
    public void Detach(long? process) => Expect(process is long id ? Encoding.ASCII.GetBytes($"D;{id:x}") : "D"u8);

    /// <summary>
    /// Ends a wait that is under way on another thread with an exception, and all later ones, until
    /// <see cref="Resume"/>.
    /// </summary>
    public void Cancel() => _connection.IsCancelled = true;

    /// <summary>
    /// Makes the client usable again after <see cref="Cancel"/>, once the call that was cancelled has returned.
    /// </summary>
    public void Resume()
    {
        lock (_gate)
            _connection.IsCancelled = false;
    }

    /// <summary>
    /// Closes the connection. A guest that QEMU stopped for it stays stopped: see <see cref="Detach"/>.
    /// </summary>
    public void Dispose() => _connection.Dispose();

    private int ReadMemory(ulong address, Span<byte> buffer, bool physical)
    {
        lock (_gate)
        {
            _memory ??= new RspMemory(_exchange, Features.PacketSize);
            return _memory.Read(address, buffer, physical);
        }
    }

    private void Expect(ReadOnlySpan<byte> request)
    {
        byte[] reply = Request(request);
        if (!reply.AsSpan().SequenceEqual("OK"u8))
            throw Unexpected("OK", request, reply);
    }

    private string? ReadDocument(string name)
    {
        using var document = new MemoryStream();
        int size = Math.Clamp(Features.PacketSize - 5, 16, 0x4000);
        while (true)
        {
            byte[] request = Encoding.UTF8.GetBytes($"qXfer:features:read:{name}:{document.Length:x},{size:x}");
            byte[] reply = _exchange.Request(request);
            if (reply.Length == 0 || ErrorReply.TryParse(reply, out _))
                return document.Length == 0 ? null : throw Unexpected("more of the document", request, reply);

            if (reply[0] is not ((byte)'m' or (byte)'l') || (reply[0] == 'm' && reply.Length == 1))
                throw Unexpected("m or l and text", request, reply);

            document.Write(reply.AsSpan(1));
            if (document.Length > _exchange.Options.MaxText)
                throw new RspException($"{name} is longer than {_exchange.Options.MaxText} bytes");

            if (reply[0] == 'l')
                return Encoding.UTF8.GetString(document.GetBuffer().AsSpan(0, (int)document.Length));
        }
    }

    private static RspException Unexpected(string expected, ReadOnlySpan<byte> sent, ReadOnlySpan<byte> received) =>
        new($"expected {expected}", RspText.Excerpt(sent), RspText.Excerpt(received));
}
