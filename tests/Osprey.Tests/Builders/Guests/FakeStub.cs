using System.Globalization;
using System.Text;

namespace Osprey.Tests.Builders.Guests;

/// <summary>
/// A fake of QEMU's gdb stub: a stream that answers written requests at once. It behaves as QEMU 7.2 does unless a test
/// sets it otherwise. A request <c>?</c> fails the test, since it would delete breakpoints.
/// </summary>
internal sealed class FakeStub : Stream
{
    private readonly Queue<byte> _toClient = [];
    private readonly List<byte> _fromClient = [];
    private readonly List<(string Prefix, FakeStubFault Fault)> _faults = [];
    private readonly List<byte> _late = [];
    private byte[] _last = [];
    private int _nextThread;
    private bool _isPhysical;
    private bool _isLate;
    private bool _isHungUp;
    private bool _isContinued;
    private int _acksAfterDetach;

    /// <summary>The packet size that the stub declares.</summary>
    public int PacketSize { get; init; } = 0x1000;

    public bool HasMultiprocess { get; init; } = true;

    public bool HasPhysicalMode { get; init; } = true;

    /// <summary>True when the guest runs as the client connects; the stub then sends a stop packet.</summary>
    public bool WasRunning { get; init; } = true;

    /// <summary>True to hold stop packets back until they are due, as newer QEMUs do.</summary>
    public bool IsSilentOnConnect { get; init; }

    /// <summary>The number of bytes that a read returns at most.</summary>
    public int ReadSize { get; init; } = int.MaxValue;

    /// <summary>The ids of vCPUs.</summary>
    public IReadOnlyList<string> Threads { get; init; } = ["p01.01", "p01.02"];

    /// <summary>Replies that differ from the usual ones, by request.</summary>
    public Dictionary<string, string> Replies { get; } = [];

    /// <summary>The output of monitor commands.</summary>
    public Dictionary<string, string> Commands { get; } =
        new()
        {
            ["info status"] = "VM status: paused\r\n",
            ["info version"] = "7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)\r\n",
            ["info mtree -f"] =
                "FlatView #0\r\n AS \"memory\", root: system\r\n Root memory region: system\r\n"
                + "  0000000000000000-000000000009ffff (prio 0, ram): pc.ram\r\n"
                + "  00000000000a0000-00000000000bffff (prio 1, i/o): vga-lowmem\r\n"
                + "  00000000000c0000-00000000000fffff (prio 0, rom): pc.ram @00000000000c0000\r\n"
                + "  0000000000100000-00000000001fffff (prio 0, ram): pc.ram @0000000000100000\r\n",
        };

    /// <summary>The content that <c>qXfer:features:read</c> returns.</summary>
    public Dictionary<string, string> Documents { get; } =
        new()
        {
            ["target.xml"] =
                "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target>"
                + "<architecture>i386:x86-64</architecture><xi:include href=\"i386-64bit.xml\"/></target>",
            ["i386-64bit.xml"] = """
                <?xml version="1.0"?>
                <!DOCTYPE feature SYSTEM "gdb-target.dtd">
                <feature name="org.gnu.gdb.i386.core">
                  <reg name="rax" bitsize="64" type="int64"/>
                  <reg name="rip" bitsize="64" type="code_ptr" regnum="1"/>
                  <reg name="eflags" bitsize="32" type="x64_eflags"/>
                  <!-- <reg name="ss_base" bitsize="64" type="int"/> -->
                  <reg name="cs" bitsize="32" type="int32"/>
                  <reg name="fs_base" bitsize="64" type="int"/>
                  <reg name="k_gs_base" bitsize="64" type="int"/>
                  <reg name="cr3" bitsize="64" type="x64_cr3"/>
                  <reg name="st0" bitsize="80" type="i387_ext"/>
                </feature>
                """,
        };

    /// <summary>The reply to <c>g</c> by the vCPU's number in <see cref="Threads"/>.</summary>
    public Dictionary<int, string> Registers { get; } =
        new()
        {
            [0] =
                "0100000000000000"
                + "f0ff000000000000"
                + "02000000"
                + "00f00000"
                + "0010000000000000"
                + "0020000000000000"
                + "0030000000000000"
                + "00000000000000000000",
            [1] =
                "0200000000000000"
                + "f1ff000000000000"
                + "46020000"
                + "08000000"
                + "1010000000000000"
                + "xxxxxxxxxxxxxxxx"
                + "1030000000000000"
                + "00000000000000000000",
        };

    /// <summary>
    /// Returns true for a virtual page that exists. The content of its bytes, and of those of physical memory, comes
    /// from <see cref="ByteAt"/>.
    /// </summary>
    public Func<ulong, bool> IsMapped { get; init; } = page => page < 0x10_0000;

    /// <summary>Physical memory that is not as <see cref="ByteAt"/> has it: what was written.</summary>
    public Dictionary<ulong, byte> Written { get; } = [];

    /// <summary>The requests that wrote registers.</summary>
    public List<string> WrittenRegisters { get; } = [];

    /// <summary>Breakpoints that are inserted, as their packets have them: "0,1000,1".</summary>
    public SortedSet<string> Breakpoints { get; } = [];

    /// <summary>
    /// Called when the vCPUs are let run: gives the stop packet that comes at once, or null when they run until they
    /// are stopped.
    /// </summary>
    public Func<string?> Continued { get; set; } = () => null;

    /// <summary>Called when a vCPU executes one instruction.</summary>
    public Action Stepped { get; set; } = () => { };

    /// <summary>Whether the end of a step is told; otherwise it lasts until the vCPU is stopped.</summary>
    public Func<bool> EndsStep { get; set; } = () => true;

    /// <summary>Hangs up, as a broken connection does.</summary>
    public void HangUp() => _isHungUp = true;

    /// <summary>The requests that arrived complete, in their order.</summary>
    public List<string> Log { get; } = [];

    /// <summary>What the client sent, by the pieces that it sent it in.</summary>
    public List<string> Pieces { get; } = [];

    /// <summary>The number of packets sent that the client must acknowledge.</summary>
    public int PacketsSent { get; private set; }

    /// <summary>The number of packets that the client acknowledged or refused.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>The number of packets that the client refused.</summary>
    public int Refused { get; private set; }

    /// <summary>True while the guest runs.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>True while addresses of <c>m</c> are physical.</summary>
    public bool IsPhysical => _isPhysical;

    /// <summary>True when the client closed the connection.</summary>
    public bool IsClosed { get; private set; }

    public int SelectedThread { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override bool CanTimeout => true;

    public override int ReadTimeout { get; set; }

    public override int WriteTimeout { get; set; }

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Returns the byte at an address; neighbours differ, and physical memory differs from virtual.</summary>
    public static byte ByteAt(ulong address, bool isPhysical) =>
        unchecked((byte)((address * 31) ^ (address >> 9) ^ (isPhysical ? 0x5aUL : 0)));

    /// <summary>Causes a fault with each of the next requests that start with a text.</summary>
    public FakeStub With(string prefix, FakeStubFault fault, int times = 1)
    {
        for (int i = 0; i < times; i++)
            _faults.Add((prefix, fault));

        return this;
    }

    /// <summary>Starts a connection as a client finds it.</summary>
    public FakeStub Accept()
    {
        if (WasRunning && !IsSilentOnConnect)
            Send("T02thread:01;");

        return this;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int size = Math.Min(Math.Min(buffer.Length, ReadSize), _toClient.Count);
        if (size == 0 && !_isHungUp)
        {
            Thread.Sleep(1);
            throw new IOException("silence", new TimeoutException());
        }

        for (int i = 0; i < size; i++)
            buffer[i] = _toClient.Dequeue();

        return size;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isHungUp)
            throw new IOException("broken pipe");

        Pieces.Add(Encoding.Latin1.GetString(buffer));
        _isLate = false;
        foreach (byte value in _late)
            _toClient.Enqueue(value);

        _late.Clear();
        foreach (byte value in buffer)
            Take(value);
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsClosed = true;
        base.Dispose(disposing);
    }

    private void Take(byte value)
    {
        if (_isContinued)
        {
            // Whatever arrives stops the guest; only this byte is meant to.
            Assert.Equal(3, value);
            _isContinued = IsRunning = false;
            Send("T02thread:p01.01;");
            return;
        }

        if (_fromClient.Count == 0 && value is (byte)'+' or (byte)'-')
        {
            Acknowledged++;
            if (value == '-')
            {
                Refused++;
                SendRaw(_last);
            }

            // Once the guest runs, QEMU takes any byte except the one ack of its OK as "stop".
            if (IsRunning && ++_acksAfterDetach > 1)
                IsRunning = false;

            return;
        }

        IsRunning = false;
        if (_fromClient.Count == 0 && value != '$')
            return;

        _fromClient.Add(value);
        int hash = _fromClient.IndexOf((byte)'#');
        if (hash < 0 || _fromClient.Count < hash + 3)
            return;

        byte[] body = [.. _fromClient[1..hash]];
        string digits = Encoding.ASCII.GetString([.. _fromClient[(hash + 1)..]]);
        _fromClient.Clear();
        Assert.Equal(Checksum(body), byte.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        Serve(Encoding.Latin1.GetString(body));
    }

    private void Serve(string request)
    {
        int at = _faults.FindIndex(fault => request.StartsWith(fault.Prefix, StringComparison.Ordinal));
        FakeStubFault? fault = at < 0 ? null : _faults[at].Fault;
        if (at >= 0)
            _faults.RemoveAt(at);

        if (fault == FakeStubFault.RanMeanwhileSilently)
            return;

        if (fault is FakeStubFault.Refuse or FakeStubFault.RanMeanwhile)
        {
            if (fault is FakeStubFault.Refuse)
                SendRaw("-"u8.ToArray(), isPacket: false);
            else
                Send("T02thread:p01.01;");

            return;
        }

        Log.Add(request);
        SendRaw("+"u8.ToArray(), isPacket: false);
        if (fault == FakeStubFault.Silence)
            return;

        if (fault == FakeStubFault.Garbage)
            SendRaw("noise#00\0\xff~"u8.ToArray(), isPacket: false);

        if (fault == FakeStubFault.Notification)
            SendRaw([.. "%Stop:T05#"u8, .. Encoding.ASCII.GetBytes($"{Checksum("Stop:T05"u8):x2}")], isPacket: false);

        if (fault == FakeStubFault.Stop)
            Send("T05thread:p01.01;");

        List<string> replies = fault switch
        {
            FakeStubFault.Exit => ["W00"],
            FakeStubFault.Error => ["E22"],
            FakeStubFault.Oversized => [new string('a', 3_000_000)],
            _ => Answer(request),
        };
        foreach (string reply in replies)
        {
            bool isLast = ReferenceEquals(reply, replies[^1]);
            Send(fault == FakeStubFault.Half ? reply[..(reply.Length / 4 * 2)] : reply, isLast ? fault : null);
        }
    }

    private void Send(string payload, FakeStubFault? fault = null)
    {
        byte[] body = Encoding.Latin1.GetBytes(payload);
        if (fault == FakeStubFault.RunLength)
            body = EncodeRuns(body);

        byte[] packet = [(byte)'$', .. body, (byte)'#', .. Encoding.ASCII.GetBytes($"{Checksum(body):x2}")];
        _last = packet;
        switch (fault)
        {
            case FakeStubFault.WrongChecksum:
                byte[] broken = [.. packet];
                broken[^1] ^= 1;
                PacketsSent++;
                SendRaw(broken, isPacket: false);
                break;
            case FakeStubFault.Late:
                _isLate = true;
                SendRaw(packet);
                break;
            case FakeStubFault.Cut:
                SendRaw(packet[..(packet.Length / 2)], isPacket: false);
                _isHungUp = true;
                break;
            default:
                SendRaw(packet);
                break;
        }
    }

    private void SendRaw(byte[] bytes, bool isPacket = true)
    {
        if (_isHungUp)
            return;

        PacketsSent += isPacket ? 1 : 0;
        foreach (byte value in bytes)
        {
            if (_isLate)
                _late.Add(value);
            else
                _toClient.Enqueue(value);
        }
    }

    private List<string> Answer(string request)
    {
        if (Replies.TryGetValue(request, out string? usual))
            return [usual];

        if (request.StartsWith("qSupported", StringComparison.Ordinal))
            return
            [
                $"PacketSize={PacketSize:x};qXfer:features:read+;vContSupported+"
                    + $"{(HasMultiprocess ? ";multiprocess+" : "")}",
            ];

        if (request.StartsWith("qXfer:features:read:", StringComparison.Ordinal))
            return [ReadDocument(request["qXfer:features:read:".Length..])];

        if (request.StartsWith("qRcmd,", StringComparison.Ordinal))
            return RunCommand(Encoding.UTF8.GetString(Convert.FromHexString(request.AsSpan(6))));

        if (request.StartsWith("Qqemu.PhyMemMode:", StringComparison.Ordinal) && HasPhysicalMode)
        {
            _isPhysical = request[^1] == '1';
            return ["OK"];
        }

        if (request.StartsWith("Hg", StringComparison.Ordinal))
        {
            SelectedThread = Threads
                .ToList()
                .FindIndex(id => id.Replace("0", "", StringComparison.Ordinal) == request[2..]);
            return [SelectedThread < 0 ? "E22" : "OK"];
        }

        if (request == "vCont;c")
        {
            string? stop = Continued();
            SelectedThread = stop is null ? SelectedThread : FindTold(stop);
            _isContinued = IsRunning = stop is null;
            return stop is null ? [] : [stop];
        }

        if (request.StartsWith("vCont;s:", StringComparison.Ordinal))
        {
            Stepped();
            if (!EndsStep())
            {
                _isContinued = IsRunning = true;
                return [];
            }

            return [$"T05thread:{request["vCont;s:".Length..]};"];
        }

        if (request[0] is 'Z' or 'z')
        {
            Assert.Equal(request[0] == 'Z', !Breakpoints.Contains(request[1..]));
            _ = request[0] == 'Z' ? Breakpoints.Add(request[1..]) : Breakpoints.Remove(request[1..]);
            return ["OK"];
        }

        if (request[0] == 'P')
        {
            WrittenRegisters.Add(request);
            return ["OK"];
        }

        if (request[0] == 'M')
        {
            WriteMemory(request[1..]);
            return ["OK"];
        }

        if (request[0] == 'D')
        {
            Breakpoints.Clear();
            if (HasMultiprocess && request != "D;1")
                return ["E22"];

            IsRunning = true;
            return ["OK"];
        }

        Assert.NotEqual("?", request);
        return
        [
            request switch
            {
                "qqemu.Supported" => HasPhysicalMode ? "sstepbits;sstep;PhyMemMode" : "",
                "qfThreadInfo" => $"m{Threads[_nextThread = 0]}",
                "qsThreadInfo" => ++_nextThread < Threads.Count ? $"m{Threads[_nextThread]}" : "l",
                "qC" => $"QC{Threads[0]}",
                "g" => Registers[SelectedThread],
                ['m', .. string range] => ReadMemory(range),
                _ => "",
            },
        ];
    }

    /// <summary>QEMU's stub selects the thread that a stop is told of.</summary>
    private int FindTold(string stop)
    {
        int index = Threads.ToList().FindIndex(id => stop.Contains($"thread:{id};", StringComparison.Ordinal));
        return index < 0 ? SelectedThread : index;
    }

    private string ReadMemory(string range)
    {
        string[] parts = range.Split(',');
        ulong address = ulong.Parse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        int size = int.Parse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (size > PacketSize / 2)
            return "E22";

        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++)
        {
            ulong at = unchecked(address + (ulong)i);
            if (!_isPhysical && !IsMapped(at & ~0xfffUL))
                return "E14";

            bytes[i] = _isPhysical && Written.TryGetValue(at, out byte written) ? written : ByteAt(at, _isPhysical);
        }

        return Convert.ToHexStringLower(bytes);
    }

    private void WriteMemory(string request)
    {
        Assert.True(_isPhysical);
        Assert.True(request.Length < PacketSize);
        string[] parts = request.Split(',', ':');
        ulong address = ulong.Parse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        byte[] bytes = Convert.FromHexString(parts[2]);
        Assert.Equal(parts[1], $"{bytes.Length:x}");
        for (int i = 0; i < bytes.Length; i++)
            Written[address + (ulong)i] = bytes[i];
    }

    private string ReadDocument(string request)
    {
        string[] parts = request.Split(':', ',');
        if (!Documents.TryGetValue(parts[0], out string? text))
            return "E00";

        int offset = int.Parse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        int size = int.Parse(parts[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        string piece = text.Substring(offset, Math.Min(size, text.Length - offset));
        var escaped = new StringBuilder(offset + piece.Length < text.Length ? "m" : "l");
        foreach (char character in piece)
            escaped.Append(
                character is '}' or '#' or '$' or '*' ? $"}}{(char)(character ^ 0x20)}" : character.ToString()
            );

        return escaped.ToString();
    }

    private List<string> RunCommand(string command)
    {
        var replies = new List<string>();
        string text = Commands.TryGetValue(command, out string? known) ? known : $"unknown command: '{command}'\r\n";
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            replies.Add($"O{Convert.ToHexStringLower(Encoding.UTF8.GetBytes($"{line}\n"))}");

        return [.. replies, "OK"];
    }

    private static byte[] EncodeRuns(byte[] body)
    {
        var coded = new List<byte>();
        for (int i = 0; i < body.Length; )
        {
            int run = 1;
            while (i + run < body.Length && body[i + run] == body[i] && run < 90)
                run++;

            coded.Add(body[i]);
            bool codes = run > 3 && run - 1 + 29 is not ('#' or '$' or '+' or '-');
            if (codes)
                coded.AddRange([(byte)'*', (byte)(run - 1 + 29)]);

            i += codes ? run : 1;
        }

        return [.. coded];
    }

    private static byte Checksum(ReadOnlySpan<byte> body)
    {
        byte sum = 0;
        foreach (byte value in body)
            sum = unchecked((byte)(sum + value));

        return sum;
    }
}
