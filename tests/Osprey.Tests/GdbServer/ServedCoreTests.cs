using System.Globalization;
using System.Text;
using Osprey.Rsp.Packets;
using Osprey.Session.Guests;
using Osprey.Target.Architectures;
using Osprey.Tests.Builders;
using Osprey.Tests.Cli.Guest;
using Osprey.Tests.Packets;

namespace Osprey.Tests.GdbServer;

/// <summary>What a debugger is answered that looks at a core file.</summary>
public sealed class ServedCoreTests
{
    private static readonly string[] s_conversation =
    [
        "qSupported:multiprocess+;swbreak+",
        "vMustReplyEmpty",
        "QThreadSuffixSupported",
        "?",
        "qC",
        "qAttached",
        "qOffsets",
        "qSymbol::",
        "qfThreadInfo",
        "qsThreadInfo",
        "qXfer:threads:read::0,1000",
        "qXfer:features:read:target.xml:0,40",
        "qXfer:features:read:other.xml:0,40",
        "qXfer:features:read:target.xml:ffffffff,40",
        "qXfer:unknown:read::0,40",
        "qXfer:libraries:read::0,1000",
        "qXfer:libraries-svr4:read::0,1000",
        "qThreadExtraInfo,40000001",
        "qGetTLSAddr:40000001,10,0",
        "qGetTLSAddr:40000001,10,1234",
        "qGetTLSAddr:99,10,0",
        "qGetTLSAddr:40000001",
        "qGetTLSAddr:40000001,xx,0",
        "T40000001",
        "T99",
        "Hg40000001",
        "p10",
        "Hg0",
        "p10",
        "p10;thread:40000001;",
        "p10;thread:77;",
        "p1a",
        "pffff",
        "pzz",
        "Hg99",
        "H",
        "m40200000,4",
        "m40200ffe,8",
        "m7fffffffffff,4",
        "m40200000",
        "m40200000,ffffffffffff",
        "x40200001,3",
        "x7fffffffffff,4",
        "x0,0",
        "x40200001,3",
        "x40200000",
        "jThreadsInfo",
        "jUnknown",
        "qHostInfo",
        "M40200000,2:0000",
        "P10=00",
        "Z0,40200000,1",
        "vCont?",
        "vCont;c",
        "vCont;s:1",
        "vFile:open:2f6574632f706173737764,0,0",
        "qRcmd,696e666f",
        "qRcmd,6f7370726579",
        "qRcmd,zz",
        "zzzz",
        "X40200000,2:\u0000",
        "",
    ];

    [Fact]
    public void Conversation_OfLooking_IsAnsweredAsWritten()
    {
        using var small = new SmallGuest();
        using var served = new ServedGuest(
            Open(small),
            wasRunning: false,
            (line, _) => line == "osprey" ? "ours\n" : null
        );
        RawDebugger debugger = served.Connect();
        var transcript = new StringBuilder();
        foreach (string request in s_conversation)
        {
            transcript.Append(CultureInfo.InvariantCulture, $"> {request}\n");
            string reply = debugger.Ask(request);
            for (; reply.StartsWith('O') && reply != "OK"; reply = debugger.ReadPacket())
                transcript.Append("< O ").Append(Encoding.UTF8.GetString(Convert.FromHexString(reply[1..])));

            transcript.Append(CultureInfo.InvariantCulture, $"< {reply}\n");
        }

        transcript.Append("> D\n< ").Append(debugger.Ask("D")).Append('\n');
        served.WaitForEnd(debugger);
        GoldenFile.Verify(transcript.ToString().Replace("\0", "\\0", StringComparison.Ordinal));
    }

    [Fact]
    public void Registers_ByTheDescription_AreTheGuests()
    {
        using var small = new SmallGuest();
        using var served = new ServedGuest(Open(small), wasRunning: false);
        RawDebugger debugger = served.Connect();
        string document = debugger.Ask("qXfer:features:read:target.xml:0,8000");
        Assert.Equal('l', document[0]);
        var description = TargetDescription.Parse(document[1..], _ => null);
        var block = RegisterBlock.Parse(Encoding.ASCII.GetBytes(debugger.Ask("g")), description);

        using GuestSession guest = Open(small);
        RegisterSet expected = guest.GetCpu(0).ReadRegisters();

        foreach (TargetRegister register in description.Registers)
        {
            ulong? value = expected.Architecture.Registers.FirstOrDefault(one => one.Name == register.Name) is { } known
                ? expected[known]
                : null;
            Assert.Equal((register.Name, value), (register.Name, block.Read(register)));
        }

        Assert.True(description.Registers.Count(register => block.Read(register) is not null) > 24);
    }

    [Fact]
    public void Files_ForADebuggerElsewhere_AreThoseOfTheGuestAlone()
    {
        using var small = new SmallGuest();
        using var served = new ServedGuest(Open(small), wasRunning: false);
        RawDebugger debugger = served.Connect(isLocal: false);
        string path = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(small.ProgramPath));

        Assert.Equal("F-1,2", debugger.Ask("vFile:open:2f6574632f706173737764,0,0"));
        Assert.Equal("F-1,2", debugger.Ask($"vFile:open:{path},1,0"));
        Assert.Equal("F1", debugger.Ask($"vFile:open:{path},0,0"));
        string bytes = Encoding.Latin1.GetString(small.Program.AsSpan(1, 3));
        Assert.Equal($"F3;{bytes}", debugger.Ask("vFile:pread:1,3,1"));
        Assert.StartsWith("F40;", debugger.Ask("vFile:fstat:1"), StringComparison.Ordinal);
        Assert.Equal("F0", debugger.Ask("vFile:close:1"));
        Assert.Equal("F-1,9", debugger.Ask("vFile:pread:1,3,1"));
        Assert.Equal("F-1,16", debugger.Ask("vFile:pread:zz"));
        Assert.Equal("", debugger.Ask("vFile:unlink:00"));
    }

    /// <summary>A command that goes on holds all debuggers up: it ends with Ctrl-C, and with its debugger.</summary>
    [Fact]
    public void Monitor_ThatGoesOn_EndsWhenItsDebuggerWantsOrLeaves()
    {
        using var small = new SmallGuest();
        using var began = new SemaphoreSlim(0);
        using var served = new ServedGuest(
            Open(small),
            wasRunning: false,
            (_, cancellation) =>
            {
                began.Release();
                cancellation.WaitHandle.WaitOne();
                return "ended\n";
            }
        );
        RawDebugger debugger = served.Connect();
        debugger.SendPacket("qRcmd,6f7370726579");
        began.Wait();
        debugger.Send([3]);
        Assert.Equal("O656e6465640a", debugger.ReadPacket());
        Assert.Equal("OK", debugger.ReadPacket());

        debugger.SendPacket("qRcmd,6f7370726579");
        began.Wait();
        debugger.Leave();
        served.WaitForEnd(debugger);
        Assert.StartsWith("PacketSize=", served.Connect().Ask("qSupported"), StringComparison.Ordinal);
    }

    [Fact]
    public void Packets_OfAnyBytes_AreEachAnswered()
    {
        using var small = new SmallGuest();
        using var served = new ServedGuest(Open(small), wasRunning: false, (_, _) => "\n");
        RawDebugger debugger = served.Connect();
        var random = new Random(20);
        for (int i = 0; i < 10_000; i++)
        {
            string request = Damage(s_conversation[random.Next(s_conversation.Length)], random);
            if (
                request.StartsWith('D')
                || request.StartsWith('k')
                || request.StartsWith("vKill", StringComparison.Ordinal)
            )
                continue;

            debugger.SendPacket(request);
            string reply = debugger.Ask("qC");
            while (reply != "QC40000000")
                reply = debugger.ReadPacket();
        }
    }

    private static string Damage(string request, Random random)
    {
        var text = new StringBuilder(request);
        for (int times = random.Next(1, 4); times > 0 && text.Length > 0; times--)
        {
            int at = random.Next(text.Length);
            char letter = (char)random.Next(256);
            if (letter is '$' or '#' or '}' or '*' or '\u0003')
                letter = ',';

            switch (random.Next(4))
            {
                case 0:
                    text[at] = letter;
                    break;
                case 1:
                    text.Insert(at, letter);
                    break;
                case 2:
                    text.Remove(at, 1);
                    break;
                default:
                    text.Append("ffffffffffffffff");
                    break;
            }
        }

        return text.ToString();
    }

    private static GuestSession Open(SmallGuest guest) =>
        GuestSession.Open(
            new GuestSettings
            {
                Target = TargetSpec.Parse($"core:{guest.CorePath}"),
                ExecutablePath = guest.ProgramPath,
                NoCache = true,
            }
        );
}
