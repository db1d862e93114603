using System.Diagnostics;
using System.Globalization;
using System.Text;
using Osprey.Debug;
using Osprey.Rsp.Server;
using Osprey.Target;
using Osprey.Target.Execution;

namespace Osprey.GdbServer;

/// <summary>One debugger's conversation with the server: each packet gets its reply.</summary>
/// <remarks>
/// Whatever a packet holds, the session lives on: what is not understood is answered by an empty reply, which means
/// "not known" in this protocol, and what is malformed or fails by an error.
/// </remarks>
/// <param name="server">The server.</param>
/// <param name="connection">The connection.</param>
/// <param name="isLocal">Whether the debugger can read this host's files.</param>
internal sealed partial class GdbConversation(DebuggerServer server, RspServerConnection connection, bool isLocal)
    : IDisposable
{
    private const string Malformed = "E16"; // EINVAL
    private const string Unreadable = "E0e"; // EFAULT
    private const string NoThread = "E03"; // ESRCH

    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a wish to stop is kept that met a stop: no user lets the guest run on so soon.</summary>
    private static readonly TimeSpan s_crossing = TimeSpan.FromSeconds(1);

    private readonly ServedFiles _files = new(() => server.Programs.Files);
    private long _chosen;
    private bool _isRunning;
    private bool _hasLeft;
    private CancellationToken _cancellation;

    /// <summary>When the debugger wanted a stop and was told of another one.</summary>
    private long? _interrupted;

    /// <summary>Whether this debugger steers the guest; otherwise it only looks.</summary>
    public bool Steers { get; set; }

    /// <summary>Whether the debugger has let the guest run.</summary>
    public bool HasResumed { get; private set; }

    private DebugSession Session => server.Session;

    /// <summary>Answers requests until the debugger leaves.</summary>
    /// <exception cref="IOException">The debugger is gone.</exception>
    /// <exception cref="OperationCanceledException">The server ends.</exception>
    public void Run(CancellationToken cancellation)
    {
        _cancellation = cancellation;
        while (!_hasLeft)
        {
            if (_isRunning && TellStop())
                continue;

            if (
                !connection.TryReceive(
                    _isRunning ? TimeSpan.Zero : Timeout.InfiniteTimeSpan,
                    out RspRequest request,
                    cancellation
                )
            )
            {
                cancellation.ThrowIfCancellationRequested();
                continue;
            }

            switch (request.Kind)
            {
                case RspRequestKind.Closed:
                    return;
                case RspRequestKind.Oversized:
                    Send(Malformed);
                    break;
                case RspRequestKind.Interrupt:
                    Interrupt();
                    break;
                default:
                    Take(request.Payload);
                    break;
            }
        }
    }

    public void Dispose() => _files.Dispose();

    /// <summary>Tells the debugger of a stop, if there is one.</summary>
    private bool TellStop()
    {
        DebugStop? stop;
        lock (server.Gate)
        {
            try
            {
                stop = Session.WaitForStop(s_slice);
            }
            catch (TargetException exception)
            {
                Lose(exception);
                return true;
            }
        }

        if (stop is null)
            return false;

        _isRunning = false;
        Send(Describe(stop));
        return true;
    }

    private void Interrupt()
    {
        // A wish that meets a stop on the way is kept for a moment: a debugger may find that the stop is none for its
        // user, and let the guest run on.
        if (!_isRunning)
        {
            _interrupted = Stopwatch.GetTimestamp();
            return;
        }

        lock (server.Gate)
        {
            try
            {
                DebugStop stop = Session.Interrupt();
                _interrupted = stop.Reason == StopReason.Requested ? null : Stopwatch.GetTimestamp();
                _isRunning = false;
                Send(Describe(stop));
            }
            catch (TargetException exception)
            {
                Lose(exception);
            }
        }
    }

    private void Take(byte[] packet)
    {
        // What stands in front of the first byte that is no text is all that the text packets look at.
        string text = Encoding.Latin1.GetString(packet);
        lock (server.Gate)
        {
            if (_isRunning)
                return; // a debugger waits for the stop; nothing else can be answered

            try
            {
                if (Answer(text, packet) is { } reply)
                    connection.Send(reply);
            }
            catch (TargetException)
            {
                Send("E01");
            }
            catch (FormatException)
            {
                Send(Malformed);
            }
        }
    }

    /// <summary>Answers a packet; null when nothing is to be said, or it is said already.</summary>
    private byte[]? Answer(string text, byte[] packet)
    {
        if (text.Length == 0)
            return [];

        string rest = text[1..];
        return text[0] switch
        {
            'q' or 'Q' => AnswerQuery(text),
            'v' => AnswerNamed(text),
            '?' => Reply(Describe(new DebugStop(Session.Current, StopReason.Other))),
            'H' => Choose(rest),
            'T' => Reply(Session.Find(ParseThread(rest)) is null ? NoThread : "OK"),
            'g' => FindRegisters(ref rest) is { } thread
                ? ServedRegisters.WriteAll(thread.ReadRegisters(), name => FindOther(thread, name))
                : Reply(NoThread),
            'p' => ReadRegister(rest),
            'G' or 'P' => WriteRegisters(text[0] == 'P', rest),
            'm' => ReadMemory(rest),
            'x' => ReadBinary(rest),
            'M' => WriteMemory(rest, packet, isHex: true),
            'X' => WriteMemory(rest, packet, isHex: false),
            'c' or 'C' or 's' or 'S' => Go(text[0] is 's' or 'S' ? Find() : null),
            'b' => GoBack(text),
            'Z' or 'z' => SetBreakpoint(text[0] == 'Z', rest),
            'D' => Leave("OK"),
            'k' => Leave(null), // what a debugger ends is its own session, never the guest
            '!' => Reply("OK"),
            'j' => text == "jThreadsInfo" ? LldbReplies.ListThreads(Session.Threads, Describe) : [],
            _ => [],
        };
    }

    private byte[] Choose(string rest)
    {
        if (rest.Length < 2)
            return Reply(Malformed);

        long number = ParseThread(rest[1..]);
        if (number > 0 && Session.Find(number) is null)
            return Reply(NoThread);

        if (rest[0] == 'g')
            _chosen = number;

        return Reply("OK");
    }

    /// <summary>The thread that the debugger has chosen; null when it ended.</summary>
    private DebugThread? Find() => _chosen > 0 ? Session.Find(_chosen) : Session.Current;

    /// <summary>The thread of a request: lldb puts it behind the request, others choose it before.</summary>
    private DebugThread? FindRegisters(ref string rest)
    {
        const string Suffix = ";thread:";
        int at = rest.IndexOf(Suffix, StringComparison.Ordinal);
        if (at < 0)
            return Find();

        string number = rest[(at + Suffix.Length)..].TrimEnd(';');
        rest = rest[..at];
        return Session.Find(ParseThread(number));
    }

    private byte[] ReadRegister(string rest)
    {
        // lldb, which names the thread in each request, takes "unavailable" for a number.
        bool isNamed = rest.Contains(';', StringComparison.Ordinal);
        if (FindRegisters(ref rest) is not { } thread)
            return Reply(NoThread);

        byte[] reply =
            ServedRegisters.WriteOne(thread.ReadRegisters(), name => FindOther(thread, name), ParseHex(rest))
            ?? Reply(Malformed);
        return isNamed && reply is [(byte)'x', ..] ? Reply("E01") : reply;
    }

    /// <summary>A register that only QEMU's stub has: a vCPU's, while it stands still.</summary>
    private byte[]? FindOther(DebugThread thread, string name) =>
        thread.Cpu is int cpu && Steers ? Session.Guest.Target.Stub?.ReadOtherRegister(cpu, name) : null;

    private byte[]? Leave(string? reply)
    {
        _hasLeft = true;
        if (reply is not null)
            Send(reply);

        return null;
    }

    /// <summary>The guest can't be reached any more: for a debugger, its program ended.</summary>
    private void Lose(TargetException exception)
    {
        Print($"osprey: {exception.Message}\n");
        _isRunning = false;
        _hasLeft = true;
        Send("W00");
    }

    private void Send(string reply) => connection.Send(Encoding.Latin1.GetBytes(reply));

    /// <summary>
    /// Has the debugger print a text. It does so while it waits for a stop or for the answer to a command of its
    /// monitor.
    /// </summary>
    private void Print(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        foreach (byte[] part in bytes.Chunk(RspServerConnection.MaxPacketSize / 4))
            Send("O" + Convert.ToHexStringLower(part));
    }

    private static byte[] Reply(string text) => Encoding.Latin1.GetBytes(text);

    private static ulong ParseHex(string text) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw new FormatException("no hexadecimal number");

    /// <summary>A thread's number: 0 for any, -1 for all.</summary>
    private static long ParseThread(string text) =>
        text == "-1" ? -1
        : ParseHex(text) is ulong number && number <= long.MaxValue ? (long)number
        : throw new FormatException("no number of a thread");
}
