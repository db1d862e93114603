using Osprey.Guests.Linux.Containers;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Network;

/// <summary>
/// Reads what waits at sockets: the numbers that <c>/proc/net</c> shows, and for unix sockets <c>ss</c>.
/// </summary>
internal sealed class LinuxSocketQueues
{
    private const int MaxMessages = 1 << 20;
    private const ulong Tcp = 6; // IPPROTO_TCP
    private const ulong Listening = 10; // TCP_LISTEN

    private readonly IMemoryReader _memory;
    private readonly Action<string> _addDefect;
    private readonly LinuxField? _waiting;
    private readonly LinuxField? _mostWaiting;
    private readonly LinuxField? _received;
    private readonly LinuxField? _sent;
    private readonly LinuxField? _messages;
    private readonly LinuxField? _messageCount;
    private readonly LinuxField? _length;
    private readonly LinuxField? _control;
    private readonly LinuxField? _consumed;
    private readonly LinuxField? _next;
    private readonly LinuxField? _copied;
    private readonly LinuxField? _written;
    private readonly LinuxField? _acknowledged;
    private readonly LinuxField? _deficit;

    public LinuxSocketQueues(GuestKernel kernel, Action<string> addDefect)
    {
        _memory = kernel.Values.Memory;
        _addDefect = addDefect;
        _waiting = Find("struct sock", "sk_ack_backlog");
        _mostWaiting = Find("struct sock", "sk_max_ack_backlog");
        _received = Find("struct sock", "sk_backlog", "rmem_alloc");
        _sent = Find("struct sock", "sk_wmem_alloc");
        _messages = Find("struct sock", "sk_receive_queue");
        _messageCount = Find("struct sock", "sk_receive_queue", "qlen");
        _length = Find("struct sk_buff", "len");
        _control = Find("struct sk_buff", "cb");
        _consumed = Find("struct unix_skb_parms", "consumed");
        _next = Find("struct tcp_sock", "rcv_nxt");
        _copied = Find("struct tcp_sock", "copied_seq");
        _written = Find("struct tcp_sock", "write_seq");
        _acknowledged = Find("struct tcp_sock", "snd_una");
        _deficit = Find("struct udp_sock", "forward_deficit");

        LinuxField? Find(string structure, params ReadOnlySpan<string> path) =>
            LinuxField.Find(kernel.Values, structure, path);
    }

    /// <summary>Reads the queues of a socket of TCP, UDP or a raw one.</summary>
    public LinuxSocketQueue ReadInternet(ulong socket, ulong protocol, ulong state, bool isRaw)
    {
        if (isRaw || protocol != Tcp)
            return ReadPlain(socket, isRaw ? 0 : Get(_deficit, socket) ?? 0);

        if (state == Listening)
            return new LinuxSocketQueue(Get(_waiting, socket), 0, Get(_mostWaiting, socket));

        return new LinuxSocketQueue(
            Distance(Get(_next, socket), Get(_copied, socket)),
            Distance(Get(_written, socket), Get(_acknowledged, socket))
        );
    }

    /// <summary>Reads the queues of a socket within the machine.</summary>
    public LinuxSocketQueue ReadUnix(ulong socket, bool listens, bool isStream) =>
        listens
            ? new LinuxSocketQueue(Get(_messageCount, socket), 0, Get(_mostWaiting, socket))
            : new LinuxSocketQueue(SumMessages(socket, isStream), LessOne(Get(_sent, socket)));

    /// <summary>Reads how much memory the queues take, which is what there is for other kinds.</summary>
    public LinuxSocketQueue ReadPlain(ulong socket, ulong deficit = 0) =>
        new(
            Get(_received, socket) is { } memory ? unchecked((uint)(memory - deficit)) : null,
            LessOne(Get(_sent, socket))
        );

    private ulong? Get(LinuxField? field, ulong socket) => field?.Read(_memory, socket);

    /// <summary>The socket itself counts as one.</summary>
    private static ulong? LessOne(ulong? value) => value is > 0 ? value - 1 : value;

    /// <summary>The distance between two numbers of bytes, which are of 32 bits and start anew.</summary>
    private static ulong? Distance(ulong? next, ulong? first) =>
        next is { } high && first is { } low ? (ulong)Math.Max(unchecked((int)(uint)(high - low)), 0) : null;

    private ulong? SumMessages(ulong socket, bool isStream)
    {
        if (_messages is not { } queue || _length is not { } length)
            return null;

        ulong sum = 0;
        var chain = new LinuxChain(_memory, "messages of a socket", MaxMessages, _addDefect);
        foreach (ulong message in chain.WalkRing(unchecked(socket + (ulong)queue.Offset), 0))
        {
            ulong consumed =
                isStream && _control is { } control && _consumed is { } field
                    ? field.Read(_memory, unchecked(message + (ulong)control.Offset)) ?? 0
                    : 0;
            sum = unchecked(sum + (length.Read(_memory, message) ?? 0) - consumed);
        }

        return sum;
    }
}
