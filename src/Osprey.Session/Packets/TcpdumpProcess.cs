using System.Diagnostics;
using Osprey.Packets;
using Osprey.Packets.Pcap;

namespace Osprey.Session.Packets;

/// <summary>
/// One tcpdump process that puts packets into words, each as if it were alone, one at a time or many in a row.
/// </summary>
/// <remarks>
/// Packets go through a pipe with their number as their time, by which the lines that come back are told apart. Not for
/// use by several threads at once. Packets of protocols of which tcpdump remembers earlier packets get a process each.
/// When the program is missing or dies, <see cref="TcpdumpException"/> says so.
/// </remarks>
internal sealed class TcpdumpProcess : IDisposable
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;
    private const int MillisecondsToEnd = 2000;

    private readonly Process _process;
    private readonly string _program;
    private readonly PcapWriter _packets;
    private readonly TcpdumpLineReader _lines;
    private readonly Thread _errors;
    private volatile string _lastError = "";
    private readonly bool _asReference;
    private readonly bool _isForOne;
    private bool _isSending;
    private uint _sent;
    private uint _received;

    /// <summary>Starts the program.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="asReference">
    /// Whether it is given what OSv's own tool gives it: no more than 1,500 bytes of a packet, and that tool's Ethernet
    /// types.
    /// </param>
    /// <exception cref="TcpdumpException">There is no such program, or it doesn't start.</exception>
    public TcpdumpProcess(string program = TcpdumpProgram.DefaultName, bool asReference = false)
        : this(program, asReference, isForOne: false) { }

    private TcpdumpProcess(string program, bool asReference, bool isForOne)
    {
        _program = program;
        _asReference = asReference;
        _isForOne = isForOne;
        _process = TcpdumpProgram.Start(program, mergeErrors: false, "-nn", "-tt", "-S", "-l", "-r", "-");

        // The process itself may be given up before the thread begins, and then no longer has a pipe to ask for.
        StreamReader errors = _process.StandardError;
        _errors = new Thread(() => ReadErrors(errors)) { IsBackground = true, Name = "tcpdump errors" };
        _errors.Start();
        _packets = new PcapWriter(
            _process.StandardInput.BaseStream,
            asReference ? PcapVariant.Compatible : PcapVariant.Microsecond
        );
        _lines = new TcpdumpLineReader(_process.StandardOutput.BaseStream);
    }

    /// <summary>Puts one packet into words and waits for them.</summary>
    /// <param name="protocol">The tracepoint's protocol number, see <see cref="PacketProtocol"/>.</param>
    /// <param name="captured">What was recorded of it.</param>
    /// <returns>tcpdump's line; null for a protocol that can't be framed as Ethernet.</returns>
    /// <exception cref="TcpdumpException">The program ended.</exception>
    public string? Decode(int protocol, ReadOnlySpan<byte> captured)
    {
        SentPacket sent;
        try
        {
            sent = Send(protocol, captured);
            if (sent.Fate == PacketFate.Sent)
                _packets.Flush();
        }
        catch (IOException problem)
        {
            throw MakeEnded(problem);
        }

        return Receive(sent);
    }

    /// <summary>Puts packets into words while another thread is sending those that follow.</summary>
    /// <param name="packets">
    /// Enumerated on the other thread; a packet's bytes must be good until the next is asked for.
    /// </param>
    /// <returns>A line for each packet, in order; null for a protocol that can't be framed as Ethernet.</returns>
    /// <remarks>
    /// Lazy, and bounded in memory: the sender waits when too many lines have not been taken. It can be enumerated
    /// once, and the process takes no packets afterwards. What <paramref name="packets"/> throws is thrown here.
    /// </remarks>
    /// <exception cref="TcpdumpException">The program ended.</exception>
    public IEnumerable<string?> DecodeAll(IEnumerable<CapturedPacket> packets)
    {
        _isSending = true;
        using TcpdumpSender sender = new(packets, Send, _packets.Flush, _process.StandardInput.Close);
        foreach (SentPacket sent in sender.Sent)
            yield return Receive(sent);

        sender.ThrowIfFailed(MakeEnded);
        _isSending = false;
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        // A sender that was given up may be stuck in the full pipe; closing a pipe waits for who writes to it.
        if (_isSending)
            _process.Kill();

        try
        {
            _process.StandardInput.Close();
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException)
        {
            // it is gone already, and so is the pipe; or a sender that has just ended is closing it too
        }

        _process.StandardOutput.Close();
        if (!_process.WaitForExit(MillisecondsToEnd))
            _process.Kill();

        _process.Dispose();
    }

    private SentPacket Send(int protocol, ReadOnlySpan<byte> captured)
    {
        if (protocol == (int)PacketProtocol.Ethernet && captured.IsEmpty)
            return new SentPacket(PacketFate.Answered, TcpdumpText.Empty);

        if (!_isForOne && TcpdumpMemory.MayTouch(protocol, captured))
        {
            using var alone = new TcpdumpProcess(_program, _asReference, isForOne: true);
            return new SentPacket(PacketFate.Answered, alone.Decode(protocol, captured));
        }

        if (!_packets.TryWrite(_sent * NanosecondsPerSecond, protocol, captured))
            return new SentPacket(PacketFate.Unframed);

        _sent = unchecked(_sent + 1); // a pcap file's seconds wrap as well
        return new SentPacket(PacketFate.Sent);
    }

    private string? Receive(SentPacket sent)
    {
        if (sent.Fate != PacketFate.Sent)
            return sent.Words;

        if (!_lines.TryRead(_received, out ReadOnlySpan<byte> line))
            throw MakeEnded(null);

        _received = unchecked(_received + 1);
        return TcpdumpText.OfLonePacket(line);
    }

    /// <summary>Takes the program's messages, so that it never waits for us to, and keeps the last.</summary>
    private void ReadErrors(StreamReader errors)
    {
        try
        {
            while (errors.ReadLine() is { } line)
            {
                if (line.Length > 0)
                    _lastError = line;
            }
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException)
        {
            // the process was given up
        }
    }

    private TcpdumpException MakeEnded(Exception? problem)
    {
        bool hasEnded = _process.WaitForExit(MillisecondsToEnd);
        string how = hasEnded ? $"ended with code {_process.ExitCode}" : "closed its output";
        _errors.Join(MillisecondsToEnd);
        string message = $"{_program} {how} after {_received} packets";
        if (_lastError.Length > 0)
            message += $": {_lastError}";

        return problem is null ? new TcpdumpException(message) : new TcpdumpException(message, problem);
    }
}
