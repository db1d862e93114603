using System.Text;
using Osprey.Rsp.Framing;
using Osprey.Rsp.Packets;

namespace Osprey.Rsp.Client;

/// <summary>The debugger's side of the GDB Remote Serial Protocol, over a stream to a stub such as QEMU's.</summary>
/// <remarks>
/// <para>
/// The protocol is described in the GDB manual, appendix "GDB Remote Serial Protocol". The client
/// writes to the program, and lets it run, only when told to. Calls wait for each other, so <see cref="Cancel"/> and
/// <see cref="Detach"/> may come from another thread.
/// </para>
/// <para>
/// <b>Layers.</b> <c>RspFraming</c> cuts the received bytes into inputs: packets, acknowledgements, garbage.
/// <c>RspConnection</c> reads and writes the stream with time limits. <c>RspExchange</c> pairs a request with its
/// reply. <c>RspMemory</c> keeps many memory requests on the way at once. This class has a method for each thing a
/// debugger asks, and lets one call run at a time.
/// </para>
/// <para>
/// <b>Replies have no number.</b> Only their order says which request a reply belongs to. After a lost or broken reply
/// the next one could be taken for the answer to the wrong request, and a register would silently have a wrong value.
/// So whenever the order is in doubt, everything is discarded until both sides agree again: see <c>RspExchange</c>.
/// </para>
/// <para>
/// <b>Stop packets come anywhere.</b> When the guest stops, QEMU sends a stop packet, even in front of the reply to a
/// request. No reply begins like a stop packet, so each packet is first tested for that, counted
/// (<see cref="StopCount"/>) and set aside. A changed count tells the caller that the guest ran, and that values read
/// before may be out of date.
/// </para>
/// <para>
/// <b>Acknowledgements.</b> Each packet from the stub is answered with <c>+</c>, or with <c>-</c> to have a broken one
/// sent again. QEMU does not offer the mode without acknowledgements. They are queued and sent together with what
/// follows, at the latest when the client waits or a call returns; QEMU, which does not wait for them, gets them with
/// the next request.
/// </para>
/// <para>
/// <b>Cancellation.</b> A blocking read does not notice that somebody wants to cancel it. So waits are cut into short
/// slices, and between them the client checks whether another thread has called <see cref="Cancel"/>. A cancelled
/// wait leaves a reply on the way: the order is then in doubt, and is restored before the next request.
/// </para>
/// </remarks>
public sealed partial class RspClient : IDisposable
{
    private const int MaxThreads = 4096;

    private readonly Lock _gate = new();

    /// <summary>The thread that the stub is known to have selected for reads; null when that is not known.</summary>
    private ThreadId? _selected;
    private readonly RspConnection _connection;
    private readonly RspExchange _exchange;
    private RspMemory? _memory;

    /// <summary>Makes a client. Sends nothing.</summary>
    /// <param name="stream">
    /// The connection to the stub; the client closes it. Its reads must end after <see cref="Stream.ReadTimeout"/>, and
    /// it must still work after that.
    /// </param>
    /// <param name="options">The time limits and sizes; null for the defaults.</param>
    /// <param name="transcript">The transcript that records the conversation; null for none.</param>
    public RspClient(Stream stream, RspOptions? options = null, RspTranscript? transcript = null)
    {
        options ??= RspOptions.Default;
        _connection = new RspConnection(stream, options, transcript);
        _exchange = new RspExchange(_connection, options);
    }

    /// <summary>The stub's features. Before <see cref="Handshake"/>, those that every stub has.</summary>
    public StubFeatures Features { get; private set; } = new();

    /// <summary>
    /// The first stop packet that came without a request; null when none did. QEMU before 8.1 sends one when a debugger
    /// connects to a running guest.
    /// </summary>
    public StopReply? FirstStop => _exchange.FirstStop;

    /// <summary>
    /// The number of stops that nobody asked for: by stop packets, or by requests that a running guest's QEMU dropped.
    /// When it grows, somebody let the guest run.
    /// </summary>
    public int StopCount => _exchange.StopCount;

    /// <summary>Asks the stub for its features. Call this before anything else.</summary>
    /// <exception cref="RspException">The stub does not answer, or its answer is malformed.</exception>
    public StubFeatures Handshake()
    {
        lock (_gate)
        {
            StubFeatures features = StubFeatures.Parse(
                _exchange.Request("qSupported:multiprocess+;xmlRegisters=i386"u8)
            );
            Features = features.WithQemu(_exchange.Request("qqemu.Supported"u8));
            _memory = new RspMemory(_exchange, features.PacketSize);

            _exchange.HoldsAcks = Features.HasPhysicalMemoryMode; // it is QEMU

            // An earlier debugger that was killed may have left physical mode on.
            if (Features.HasPhysicalMemoryMode)
            {
                _memory.LeavePhysicalMode();
                _exchange.Reordered = _memory.LeavePhysicalMode;
            }

            return Features;
        }
    }

    /// <summary>Sends any request that has one reply.</summary>
    /// <param name="payload">The request, without framing.</param>
    /// <returns>The reply's payload; empty when the stub does not know the request.</returns>
    /// <exception cref="RspException">No valid reply came in time, or the connection failed.</exception>
    public byte[] Request(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
            return _exchange.Request(payload);
    }

    /// <summary>Runs a command of the stub itself (<c>qRcmd</c>), in QEMU a monitor command.</summary>
    /// <returns>The command's output; null when the stub has no commands.</returns>
    /// <exception cref="RspException">The stub refused the command, or it printed more than the limit.</exception>
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
                    // A stub may send the whole output as its only reply.
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

    /// <summary>Lists the threads. QEMU lists the vCPUs of the processes that are attached.</summary>
    /// <exception cref="RspException">A reply is malformed, or there are over 4096 threads.</exception>
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
    /// <exception cref="RspException">The description is malformed or too large.</exception>
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

    /// <summary>Selects the thread whose registers and address space are read from now on.</summary>
    /// <exception cref="RspException">The stub refused.</exception>
    public void SelectThread(ThreadId thread)
    {
        lock (_gate)
        {
            if (_selected == thread)
                return;

            _selected = null;
            Expect([.. "Hg"u8, .. thread.ToBytes()]);
        }
    }

    /// <summary>Reads the selected thread's registers.</summary>
    /// <param name="description">The registers and their order in the reply.</param>
    /// <exception cref="RspException">The stub refused, or the reply is malformed.</exception>
    public RegisterBlock ReadRegisters(TargetDescription description)
    {
        byte[] reply = Request("g"u8);
        return reply.Length == 0 || ErrorReply.TryParse(reply, out _)
            ? throw Unexpected("registers", "g"u8, reply)
            : RegisterBlock.Parse(reply, description);
    }

    /// <summary>
    /// Reads one register of the selected thread as bytes in the target's order; null when the stub refuses, or does
    /// not know all its bytes.
    /// </summary>
    /// <param name="number">The register's number in the target description.</param>
    /// <exception cref="RspException">The reply is malformed.</exception>
    public byte[]? ReadRegister(int number)
    {
        byte[] request = Encoding.ASCII.GetBytes($"p{number:x}");
        byte[] reply = Request(request);
        if (reply.Length == 0 || ErrorReply.TryParse(reply, out _) || reply.AsSpan().Contains((byte)'x'))
            return null;

        return RspHex.Decode(reply) ?? throw Unexpected("a register's value in hex", request, reply);
    }

    /// <summary>
    /// Reads from the selected thread's address space; stops at the first byte that cannot be read.
    /// </summary>
    /// <returns>The number of bytes read, from the buffer's start.</returns>
    /// <exception cref="RspException">A reply is malformed or late, or the connection failed.</exception>
    public int ReadMemory(ulong address, Span<byte> buffer) => ReadMemory(address, buffer, physical: false);

    /// <summary>
    /// Reads guest-physical memory. QEMU refuses no address here, and reading a device may change its state: read only
    /// addresses that are known to be memory.
    /// </summary>
    /// <returns>The number of bytes read, from the buffer's start.</returns>
    /// <exception cref="RspException">
    /// The stub has no physical mode, a reply is malformed or late, or the connection failed.
    /// </exception>
    public int ReadPhysicalMemory(ulong address, Span<byte> buffer) =>
        Features.HasPhysicalMemoryMode
            ? ReadMemory(address, buffer, physical: true)
            : throw new RspException("the stub can't read by physical address");

    /// <summary>Detaches from a process: the stub removes its breakpoints and lets it run.</summary>
    /// <param name="process">The process; null when the stub does not number processes.</param>
    /// <exception cref="RspException">The stub refused.</exception>
    public void Detach(long? process) => Expect(process is long id ? Encoding.ASCII.GetBytes($"D;{id:x}") : "D"u8);

    /// <summary>
    /// Gives up a connection of which it is not known whether the stub has accepted it: lets the program run, whenever
    /// the stub comes to read that. Nothing may be sent after it, and the client must be disposed.
    /// </summary>
    /// <remarks>
    /// A stub that has another debugger leaves a connection in the queue of its socket, also when its client is long
    /// gone, and stops the program when it takes it out. QEMU keeps from one connection to the next whether processes
    /// are numbered, so that is said here once more. Failures are not told: there is nobody left to tell.
    /// </remarks>
    public void LetRunWhenRead()
    {
        lock (_gate)
        {
            try
            {
                _connection.IsCancelled = false;
                _connection.QueuePacket("qSupported:multiprocess+"u8);
                _connection.QueuePacket("D;1"u8);
                _connection.Flush();
            }
            catch (RspException)
            {
                // The connection is gone.
            }
        }
    }

    /// <summary>
    /// Makes a wait in another thread, and all later waits, end with an <see cref="RspException"/>, until
    /// <see cref="Resume"/> is called.
    /// </summary>
    public void Cancel() => _connection.IsCancelled = true;

    /// <summary>
    /// Lets the calling thread alone use the client from now on; calls of others end with an
    /// <see cref="RspException"/>. For who lets go of the program while others may still be at work.
    /// </summary>
    public void Take() => _connection.Take();

    /// <summary>
    /// Makes the client usable again after <see cref="Cancel"/>. Waits until the cancelled call has returned.
    /// </summary>
    public void Resume()
    {
        lock (_gate)
            _connection.IsCancelled = false;
    }

    /// <summary>
    /// Closes the connection. A guest that QEMU stopped when we connected stays stopped: <see cref="Detach"/> first.
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
