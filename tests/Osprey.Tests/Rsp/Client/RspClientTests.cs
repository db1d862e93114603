using Osprey.Rsp;
using Osprey.Rsp.Client;
using Osprey.Rsp.Packets;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Rsp.Client;

public sealed class RspClientTests
{
    private static readonly RspOptions s_options = new()
    {
        Timeout = TimeSpan.FromMilliseconds(40),
        QuietTime = TimeSpan.FromMilliseconds(5),
    };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void Conversation_StopPacketBeforeTheFirstReply_IsTakenAndEverythingAcknowledged(int readSize)
    {
        FakeStub stub = new FakeStub { ReadSize = readSize }.Accept();
        using RspClient client = Connect(stub);

        Assert.Equal(new StopReply(StopKind.Signal, 2, new ThreadId(null, 1)), client.FirstStop);
        Assert.Equal([new ThreadId(1, 1), new ThreadId(1, 2)], client.ReadThreads());
        Assert.Equal("VM status: paused\r\n", client.Monitor("info status"));
        Assert.Equal(0, stub.Refused);
        client.Dispose();
        Assert.Equal(stub.PacketsSent, stub.Acknowledged);
        Assert.Equal(
            [
                "qSupported:multiprocess+;xmlRegisters=i386",
                "qqemu.Supported",
                "Qqemu.PhyMemMode:0",
                "qfThreadInfo",
                "qsThreadInfo",
                "qsThreadInfo",
                "qRcmd,696e666f20737461747573",
            ],
            stub.Log
        );
    }

    [Theory]
    [InlineData(nameof(FakeStubFault.WrongChecksum))]
    [InlineData(nameof(FakeStubFault.Refuse))]
    [InlineData(nameof(FakeStubFault.Garbage))]
    [InlineData(nameof(FakeStubFault.Notification))]
    [InlineData(nameof(FakeStubFault.Stop))]
    [InlineData(nameof(FakeStubFault.RunLength))]
    [InlineData(nameof(FakeStubFault.RanMeanwhile))]
    [InlineData(nameof(FakeStubFault.RanMeanwhileSilently))]
    public void Request_WhatCanBeMended_IsMended(string fault)
    {
        FakeStub stub = new FakeStub().Accept();
        using RspClient client = Connect(stub);
        stub.With("qC", Enum.Parse<FakeStubFault>(fault));

        Assert.Equal("QCp01.01"u8.ToArray(), client.Request("qC"u8));
        Assert.Equal("VM status: paused\r\n", client.Monitor("info status"));
        client.Dispose();
        Assert.Equal(stub.PacketsSent, stub.Acknowledged);
    }

    [Fact]
    public void Acknowledgements_ForAStubThatIsNoQemu_DoNotWait()
    {
        FakeStub stub = new FakeStub { HasPhysicalMode = false }.Accept();
        using RspClient client = Connect(stub);

        _ = client.Request("qC"u8);
        Assert.Equal(stub.PacketsSent, stub.Acknowledged);
        Assert.False(client.CanContinueAfter);
        Assert.Throws<RspException>(() => client.ContinueAfter(["P0=00"u8.ToArray()]));
        Assert.False(client.IsProgramRunning);
    }

    [Fact]
    public void ContinueAfter_SendsOnePiece_AndTheStopComesBehindTheReplies()
    {
        FakeStub stub = new FakeStub { Continued = () => "T05thread:p01.02;" }.Accept();
        using RspClient client = Connect(stub);

        client.ContinueAfter(["P0=01"u8.ToArray(), "P1=02"u8.ToArray()]);

        Assert.EndsWith("$P0=01#1e$P1=02#20$vCont;c#a8", stub.Pieces[^1], StringComparison.Ordinal);
        Assert.True(client.IsProgramRunning);
        Assert.Equal(new StopReply(StopKind.Signal, 5, new ThreadId(1, 2)), client.WaitForStop(s_options.Timeout));
        Assert.False(client.IsProgramRunning);
        Assert.Equal("QCp01.01"u8.ToArray(), client.Request("qC"u8));
    }

    [Fact]
    public void ContinueAfter_WhatTheStubRefuses_IsToldAndTheProgramCanBeStopped()
    {
        FakeStub stub = new FakeStub().Accept().With("P0", FakeStubFault.Error);
        using RspClient client = Connect(stub);

        client.ContinueAfter(["P0=01"u8.ToArray(), "P1=02"u8.ToArray()]);

        RspException refused = Assert.Throws<RspException>(() => client.WaitForStop(s_options.Timeout));
        Assert.Contains("E22", refused.Message, StringComparison.Ordinal);
        Assert.True(client.IsProgramRunning);
        client.Interrupt();
        Assert.Equal((byte?)2, client.WaitForStop(s_options.Timeout)?.Code);
        Assert.Equal("QCp01.01"u8.ToArray(), client.Request("qC"u8));
    }

    [Theory]
    [InlineData(nameof(FakeStubFault.Refuse))]
    [InlineData(nameof(FakeStubFault.WrongChecksum))]
    [InlineData(nameof(FakeStubFault.Oversized))]
    public void ContinueAfter_OnABadLine_IsAnErrorAndNoStop(string fault)
    {
        FakeStub stub = new FakeStub().Accept().With("P0", Enum.Parse<FakeStubFault>(fault));
        using RspClient client = Connect(stub);

        client.ContinueAfter(["P0=01"u8.ToArray()]);

        RspException damaged = Assert.Throws<RspException>(() => client.WaitForStop(s_options.Timeout));
        Assert.Contains("did not arrive whole", damaged.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(FakeStubFault.WrongChecksum), 1)]
    [InlineData(nameof(FakeStubFault.Silence), 1)]
    [InlineData(nameof(FakeStubFault.Late), 1)]
    [InlineData(nameof(FakeStubFault.Half), 1)]
    [InlineData(nameof(FakeStubFault.Refuse), 1)]
    [InlineData(nameof(FakeStubFault.Garbage), 1)]
    [InlineData(nameof(FakeStubFault.Notification), 1)]
    [InlineData(nameof(FakeStubFault.Stop), 1)]
    [InlineData(nameof(FakeStubFault.RunLength), 5)]
    [InlineData(nameof(FakeStubFault.Oversized), 1)]
    [InlineData(nameof(FakeStubFault.WrongChecksum), 3)]
    [InlineData(nameof(FakeStubFault.RanMeanwhileSilently), 1)]
    public void ReadMemory_SomethingGoesWrongInABurst_StillGivesTheRightBytes(string fault, int times)
    {
        foreach (bool physical in new[] { false, true })
        {
            FakeStub stub = new FakeStub { ReadSize = 1000 }.Accept();
            using RspClient client = Connect(stub);
            stub.With("m3800", Enum.Parse<FakeStubFault>(fault), times);
            byte[] buffer = new byte[0x5123];

            int read = physical ? client.ReadPhysicalMemory(0x1234, buffer) : client.ReadMemory(0x1234, buffer);

            Assert.Equal(buffer.Length, read);
            Assert.Equal(Expected(0x1234, buffer.Length, physical), buffer);
            Assert.False(stub.IsPhysical);
            Assert.Equal("QCp01.01"u8.ToArray(), client.Request("qC"u8));
        }
    }

    [Theory]
    [InlineData(nameof(FakeStubFault.Silence))]
    [InlineData(nameof(FakeStubFault.Refuse))]
    [InlineData(nameof(FakeStubFault.WrongChecksum))]
    [InlineData(nameof(FakeStubFault.Late))]
    public void ReadPhysicalMemory_SwitchToPhysicalModeIsLost_IsNeverTakenForDone(string fault)
    {
        FakeStub stub = new FakeStub().Accept();
        using RspClient client = Connect(stub);
        stub.With("Qqemu.PhyMemMode:1", Enum.Parse<FakeStubFault>(fault));
        byte[] buffer = new byte[0x3000];

        Assert.Equal(buffer.Length, client.ReadPhysicalMemory(0x1000, buffer));
        Assert.Equal(Expected(0x1000, buffer.Length, isPhysical: true), buffer);
        Assert.False(stub.IsPhysical);
    }

    [Fact]
    public void ReadMemory_RandomFaults_NeverGivesAWrongByte()
    {
        var random = new Random(20);
        FakeStubFault[] faults =
        [
            FakeStubFault.WrongChecksum,
            FakeStubFault.Late,
            FakeStubFault.Refuse,
            FakeStubFault.Garbage,
            FakeStubFault.Notification,
            FakeStubFault.Stop,
            FakeStubFault.RunLength,
            FakeStubFault.Half,
        ];
        FakeStub stub = new FakeStub { ReadSize = 501 }.Accept();
        using RspClient client = new(stub, s_options with { Window = 5, Timeout = TimeSpan.FromMilliseconds(10) });
        client.Handshake();
        for (int round = 0; round < 100; round++)
        {
            ulong address = (ulong)random.Next(0x40000);
            bool physical = random.Next(2) == 0;
            byte[] buffer = new byte[random.Next(1, 0x8000)];
            for (int count = random.Next(3); count > 0; count--)
                stub.With("m", faults[random.Next(faults.Length)]);

            int read = 0;
            try
            {
                read = physical ? client.ReadPhysicalMemory(address, buffer) : client.ReadMemory(address, buffer);
            }
            catch (RspException)
            {
                // Too many faults in one request: the client reports that, and does not guess.
            }

            Assert.Equal(Expected(address, read, physical), buffer[..read]);
        }
    }

    [Theory]
    [InlineData(0x1000)]
    [InlineData(0x20020)]
    [InlineData(0x190)]
    public void ReadMemory_PageThatIsNotMapped_StopsAtItsFirstByte(int packetSize)
    {
        FakeStub stub = new FakeStub
        {
            PacketSize = packetSize,
            IsMapped = page => page is < 0x14_000 and not 0x3000,
        }.Accept();
        using RspClient client = Connect(stub);
        byte[] buffer = new byte[0x30_000];

        Assert.Equal(0x2fff, client.ReadMemory(1, buffer));
        Assert.Equal(Expected(1, 0x2fff, isPhysical: false), buffer[..0x2fff]);
        Assert.Equal(0x10_000, client.ReadMemory(0x4000, buffer));
        Assert.Equal(Expected(0x4000, 0x10_000, isPhysical: false), buffer[..0x10_000]);
        Assert.Equal(0, client.ReadMemory(0x3fff, buffer));
        Assert.Equal(1, client.ReadMemory(0x2fff, buffer));
        Assert.Equal(0, client.ReadMemory(0x2000, []));
    }

    [Fact]
    public void ReadMemory_UnmappedPage_TakesOneRequestToTell()
    {
        FakeStub stub = new FakeStub { IsMapped = _ => false }.Accept();
        using RspClient client = Connect(stub);
        stub.Log.Clear();

        Assert.Equal(0, client.ReadMemory(0x5000, new byte[0x800]));
        Assert.Equal(["m5000,800"], stub.Log);
    }

    [Fact]
    public void ReadMemory_Requests_StayInPagesAndUnderTheLimit()
    {
        FakeStub stub = new FakeStub().Accept();
        using RspClient client = Connect(stub);
        stub.Log.Clear();

        client.ReadMemory(0x1900, new byte[0x1800]);
        client.ReadPhysicalMemory(0xff0, new byte[0x20]);

        Assert.Equal(
            [
                "m1900,700",
                "m2000,800",
                "m2800,800",
                "m3000,100",
                "Qqemu.PhyMemMode:1",
                "mff0,10",
                "m1000,10",
                "Qqemu.PhyMemMode:0",
            ],
            stub.Log
        );
    }

    [Fact]
    public void ReadMemory_EndOfTheAddressSpace_EndsThere()
    {
        FakeStub stub = new FakeStub { IsMapped = _ => true }.Accept();
        using RspClient client = Connect(stub);
        byte[] buffer = new byte[0x100];

        Assert.Equal(0x10, client.ReadMemory(0xffff_ffff_ffff_fff0, buffer));
        Assert.Equal(Expected(0xffff_ffff_ffff_fff0, 0x10, isPhysical: false), buffer[..0x10]);
        Assert.Equal(1, client.ReadMemory(ulong.MaxValue, buffer));
    }

    [Fact]
    public void Request_Silence_SaysWhatWasSentAndTheNextOneWorks()
    {
        FakeStub stub = new FakeStub().Accept().With("qfThreadInfo", FakeStubFault.Silence);
        using RspClient client = Connect(stub);

        RspException silent = Assert.Throws<RspException>(client.ReadThreads);

        Assert.Equal("the stub did not answer within 0.04 s; sent \"qfThreadInfo\"", silent.Message);
        Assert.Equal(2, client.ReadThreads().Count);
    }

    [Fact]
    public void Request_ReplyComesLate_IsNotTakenForTheNextOnes()
    {
        FakeStub stub = new FakeStub().Accept().With("qfThreadInfo", FakeStubFault.Late);
        using RspClient client = Connect(stub);

        Assert.Throws<RspException>(client.ReadThreads);
        byte[] buffer = new byte[16];

        Assert.Equal(16, client.ReadMemory(0x100, buffer));
        Assert.Equal(Expected(0x100, 16, isPhysical: false), buffer);
    }

    [Fact]
    public void Request_RefusedTooOften_GivesUp()
    {
        FakeStub stub = new FakeStub().Accept();
        using RspClient client = Connect(stub);
        stub.With("qC", FakeStubFault.Refuse, times: 4);

        Assert.Equal(
            "the stub rejected the request 4 times as damaged; sent \"qC\"",
            Assert.Throws<RspException>(() => client.Request("qC"u8)).Message
        );
    }

    [Fact]
    public void Request_ReplyAlwaysBroken_GivesUp()
    {
        const string Broken = "< $QC1#00\n> -\n";
        string script = $"> $qC#b4\n< +\n{Broken}{Broken}{Broken}< $QC1#00\n> +\n! timeout\n";
        using var client = new RspClient(new RspReplayStream(script), s_options);

        Assert.Equal(
            "a reply has a wrong checksum; sent \"qC\"; received \"QC1\"",
            Assert.Throws<RspException>(() => client.Request("qC"u8)).Message
        );
    }

    [Fact]
    public void Request_CutConnection_IsSaidWithWhatCame()
    {
        FakeStub stub = new FakeStub().Accept().With("qC", FakeStubFault.Cut);
        using RspClient client = Connect(stub);

        Assert.Equal(
            "the stub hung up; received \"$QCp01\"",
            Assert.Throws<RspException>(() => client.Request("qC"u8)).Message
        );
        Assert.Equal(
            "the connection to the stub is gone; sent \"qC\"",
            Assert.Throws<RspException>(() => client.Request("qC"u8)).Message
        );
    }

    [Fact]
    public void Request_ProgramEnds_IsSaid()
    {
        FakeStub stub = new FakeStub().Accept().With("m", FakeStubFault.Exit);
        using RspClient client = Connect(stub);

        Assert.Equal(
            "QEMU ended; received \"W00\"",
            Assert.Throws<RspException>(() => client.ReadMemory(0, new byte[8])).Message
        );
    }

    [Fact]
    public void Request_OversizedReply_IsRefusedAndTheNextOneWorks()
    {
        FakeStub stub = new FakeStub().Accept().With("qC", FakeStubFault.Oversized);
        using RspClient client = Connect(stub);

        Assert.Throws<RspException>(() => client.Request("qC"u8));
        Assert.Equal("QCp01.01"u8.ToArray(), client.Request("qC"u8));
    }

    [Fact]
    public void Monitor_ManyPieces_AreJoined()
    {
        FakeStub stub = new FakeStub().Accept();
        stub.Commands["long"] = string.Concat(Enumerable.Range(0, 3000).Select(i => $"line {i}\r\n"));
        using RspClient client = Connect(stub);

        Assert.Equal(stub.Commands["long"], client.Monitor("long"));
        Assert.Equal("unknown command: 'nothing'\r\n", client.Monitor("nothing"));
    }

    [Fact]
    public void Monitor_StubWithoutOrThatRefuses_IsNullOrSaid()
    {
        FakeStub stub = new FakeStub().Accept();
        stub.Replies["qRcmd,61"] = "";
        stub.Replies["qRcmd,62"] = "E22";
        stub.Replies["qRcmd,63"] = "68690a";
        using RspClient client = Connect(stub);

        Assert.Null(client.Monitor("a"));
        Assert.Equal("the monitor refused \"b\": E22", Assert.Throws<RspException>(() => client.Monitor("b")).Message);
        Assert.Equal("hi\n", client.Monitor("c"));
    }

    [Fact]
    public void Monitor_MoreThanTheLimit_IsRefused()
    {
        FakeStub stub = new FakeStub().Accept();
        stub.Commands["long"] = new string('a', 100_000);
        using var client = new RspClient(stub, s_options with { MaxText = 1000 });

        Assert.Throws<RspException>(() => client.Monitor("long"));
        Assert.Equal("QCp01.01"u8.ToArray(), client.Request("qC"u8));
    }

    [Fact]
    public async Task Cancel_FromAnotherThread_EndsTheWait()
    {
        FakeStub stub = new FakeStub().Accept();
        using RspClient client = new(stub, s_options with { Timeout = TimeSpan.FromMinutes(5) });
        client.Handshake();
        stub.With("qfThreadInfo", FakeStubFault.Silence);
        Task<RspException> waiting = Task.Run(() => Assert.Throws<RspException>(client.ReadThreads));

        while (!stub.Log.Contains("qfThreadInfo"))
            await Task.Delay(1);

        client.Cancel();
        Assert.Equal("cancelled while the stub's answer was awaited", (await waiting).Message);
        client.Resume();
        Assert.Equal(2, client.ReadThreads().Count);
    }

    [Fact]
    public void Transcript_OfAConversation_PlaysItAgain()
    {
        var log = new StringWriter();
        FakeStub stub = new FakeStub { ReadSize = 100 }
            .Accept()
            .With("m2000", FakeStubFault.Late);
        byte[] buffer = new byte[0x3000];
        using (var client = new RspClient(stub, s_options, new RspTranscript(log)))
        {
            client.Handshake();
            Assert.Equal(buffer.Length, client.ReadMemory(0x1000, buffer));
        }

        byte[] again = new byte[0x3000];
        using var replay = new RspReplayStream(log.ToString());
        using var replayed = new RspClient(replay, s_options);
        replayed.Handshake();

        Assert.Equal(again.Length, replayed.ReadMemory(0x1000, again));
        Assert.Equal(buffer, again);
        replayed.Dispose();
        Assert.True(replay.IsAtEnd);
    }

    [Fact]
    public void Transcript_AnotherRequest_IsNoticed()
    {
        using var client = new RspClient(
            new RspReplayStream("# made by hand\n> $qC#b4\n< +$QC1#c5\n> +\n! end\n"),
            s_options
        );

        RspException wrong = Assert.Throws<RspException>(() => client.Request("qD"u8));

        Assert.Contains("expected \"$qC#b4\", the client sent \"$qD#b5\"", wrong.Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => new RspReplayStream("x"));
    }

    private static RspClient Connect(FakeStub stub)
    {
        var client = new RspClient(stub, s_options);
        client.Handshake();
        return client;
    }

    private static byte[] Expected(ulong address, int count, bool isPhysical)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
            bytes[i] = FakeStub.ByteAt(unchecked(address + (ulong)i), isPhysical);

        return bytes;
    }
}
