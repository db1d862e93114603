using Osprey.Packets.Vsock;
using Osprey.Tests.Packets.Captures;
using static Osprey.Packets.Vsock.VirtioVsockOperation;
using static Osprey.Tests.Packets.Vsock.VsockPacketBuilder;

namespace Osprey.Tests.Packets.Vsock;

/// <summary>Tests states, ends and credit of connections.</summary>
public sealed class VsockConnectionTests
{
    private readonly VsockPacketBuilder _builder = new();

    [Fact]
    public void Connections_ByTheirPackets_HaveStatesAndReasons()
    {
        Open();
        _builder.Add(Guest, Host, Shutdown, 64, 0, 2);
        Check(VsockState.ShuttingDown, null);
        _builder.Add(Host, Guest, Shutdown, 64, 0, 3);
        _builder.Add(Guest, Host, VirtioVsockOperation.Reset);
        Check(VsockState.Closed, "host:1024 shut it down, 3:5000 confirmed");
    }

    [Fact]
    public void Resets_WithoutAnAnsweredShutdown_AreExplained()
    {
        Open();
        _builder.Add(Host, Guest, ReadWrite, 64, 0, 0, new byte[5]);
        _builder.Add(Host, Guest, VirtioVsockOperation.Reset);
        Check(VsockState.Reset, "host:1024 reset it without a shutdown, with 5 bytes that 3:5000 had not taken");
        Open();
        _builder.Add(Guest, Host, Shutdown, 64, 0, 1);
        _builder.Add(Guest, Host, Shutdown, 64, 0, 2);
        _builder.Add(Guest, Host, VirtioVsockOperation.Reset);
        Check(VsockState.Reset, "3:5000 shut it down, then reset it: host:1024 did not confirm");
        _builder.Add(Host, Guest, Request, 64);
        Check(VsockState.Requested, null);
        _builder.Add(Host, Guest, VirtioVsockOperation.Reset);
        Check(VsockState.Reset, "host:1024 gave it up before an answer");
        Open();
        Open();
        Assert.Equal(
            [
                (1, VsockState.Reset),
                (2, VsockState.Reset),
                (3, VsockState.Reset),
                (4, VsockState.Replaced),
                (5, VsockState.Open),
            ],
            Track().Connections.Select(connection => (connection.Number, connection.State))
        );
    }

    [Fact]
    public void Transport_WithoutAHeader_HasConnectionsWithoutCredit()
    {
        _builder.Add(MonitorHeader(Host, Guest, 1, 1, 0));
        _builder.Add(MonitorHeader(Guest, Host, 1, 1, 0));
        _builder.Add([.. MonitorHeader(Host, Guest, 4, 1, 0), 1, 2, 3]);
        VsockConnection connection = Check(VsockState.Open, null);
        Assert.Equal((3ul, null, null), (connection.Forth.ByteCount, connection.Forth.InFlight, connection.Forth.Free));
        _builder.Add(MonitorHeader(Guest, Host, 2, 1, 0));
        Check(VsockState.Closed, "3:5000 disconnected");
        _builder.Add(MonitorHeader(Host, Guest, 1, 1, 0));
        Assert.Equal(2, Track().Connections.Count);
    }

    [Fact]
    public void Credit_UsedUp_IsAStallUntilThereIsMore()
    {
        Open(); // packets 0 and 1 ms
        _builder.Add(Host, Guest, ReadWrite, 64, 0, 0, new byte[64]); // 2 ms: no credit left
        _builder.Add(Guest, Host, CreditUpdate, 64, 0); // still none
        _builder.Add(Guest, Host, CreditUpdate, 64, 1); // 4 ms
        _builder.Add(Host, Guest, ReadWrite, 64, 0, 0, new byte[2]); // 5 ms: one byte too many
        _builder.Add(Host, Guest, VirtioVsockOperation.Reset); // 6 ms
        VsockFlow flow = Check(VsockState.Reset, null).Forth;
        Assert.Equal((2, 3_000_000ul, 1, false), (flow.StallCount, flow.StallTime, flow.OverrunCount, flow.IsStalled));
        Assert.Equal((65u, 0u), (flow.InFlight, flow.Free));
    }

    [Fact]
    public void Credit_WithoutTheBeginning_IsNotGuessed()
    {
        _builder.Add(Host, Guest, ReadWrite, 64, 0, 0, new byte[10]);
        _builder.Add(Guest, Host, CreditUpdate, 64, 4);
        VsockConnection connection = Check(VsockState.Open, null);
        Assert.Equal(
            (10ul, null, null, false),
            (connection.Forth.ByteCount, connection.Forth.InFlight, connection.Forth.Free, connection.HasStart)
        );
        Assert.Contains("credit unknown", Describe(1));
    }

    [Fact]
    public void Credit_MoreTakenThanSent_IsAGap()
    {
        Open();
        _builder.Add(Guest, Host, CreditUpdate, 64, 4);
        VsockFlow flow = Check(VsockState.Open, null).Forth;
        Assert.Equal((true, null), (flow.HasGap, flow.InFlight));
    }

    [Fact]
    public void Response_Alone_BeginsAConnectionOfItsReceiver()
    {
        _builder.Add(Guest, Host, Response, 64);
        _builder.Add(Host, Guest, ReadWrite, 64, 0, 0, new byte[10]);
        VsockConnection connection = Check(VsockState.Open, null);
        Assert.Equal((Host, 10u, 54u), (connection.Client, connection.Forth.InFlight, connection.Forth.Free));
    }

    /// <summary>Two ends that keep to the rules, over the wrap of the counts: in flight is what they know.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Credit_OfTwoEndsThatCount_IsTheirs(int seed)
    {
        var random = new Random(seed);
        VsockEndpoint[] ends = [Host, Guest];
        uint[] buffers = [1u << 30, 1u << 30];
        ulong[] sent = [0, 0];
        ulong[] taken = [0, 0]; // by each end, of what the other sent
        var tracker = new VsockConnectionTracker();
        VsockConnection connection = tracker.Add(Decode(0, Request, 0), 0)!;
        tracker.Add(Decode(1, Response, 0), 0);
        for (ulong time = 1; time < 4000; time++)
        {
            int sender = random.Next(2);
            taken[sender] += (ulong)random.NextInt64((long)(sent[1 - sender] - taken[sender]) + 1);
            ulong known = sent[sender] - taken[1 - sender];
            uint length = (uint)random.NextInt64(Math.Max(1, ((long)buffers[1 - sender] - (long)known) / 4));
            bool isData = random.Next(3) > 0;
            sent[sender] += isData ? length : 0;
            tracker.Add(Decode(sender, isData ? ReadWrite : CreditUpdate, length), time);
            VsockFlow told = connection.GetPeerFlow(ends[sender]); // this packet told all of it
            ulong inFlight = sent[1 - sender] - taken[sender];
            Assert.Equal((time, (uint?)inFlight, buffers[sender] - (uint)inFlight), (time, told.InFlight, told.Free));
        }

        Assert.All(sent, total => Assert.True(total > uint.MaxValue));
        Assert.Equal((sent[0], sent[1]), (connection.Forth.ByteCount, connection.Back.ByteCount));
        Assert.False(connection.Forth.HasGap || connection.Back.HasGap);

        VsockPacket Decode(int sender, VirtioVsockOperation operation, uint length)
        {
            byte[] bytes =
            [
                .. MonitorHeader(ends[sender], ends[1 - sender], 4, 2, VirtioVsockHeader.Size),
                .. VirtioHeader(
                    ends[sender],
                    ends[1 - sender],
                    length,
                    1,
                    (ushort)operation,
                    0,
                    buffers[sender],
                    (uint)(taken[sender] & uint.MaxValue)
                ),
            ];
            Assert.True(VsockPacket.TryDecode(bytes, 76 + length, out VsockPacket packet, out _));
            return packet;
        }
    }

    private void Open()
    {
        _builder.Add(Host, Guest, Request, 64);
        _builder.Add(Guest, Host, Response, 64);
    }

    private VsockConnectionTracker Track(List<string>? words = null)
    {
        var tracker = new VsockConnectionTracker();
        foreach (BuiltRecord record in _builder.Records)
        {
            Assert.True(VsockPacket.TryDecode(record.Data, record.OriginalLength, out VsockPacket packet, out _));
            VsockConnection? connection = tracker.Add(packet, record.Time);
            words?.Add(VsockWords.Describe(packet, connection));
        }

        return tracker;
    }

    private string Describe(int index)
    {
        var words = new List<string>();
        Track(words);
        return words[index];
    }

    /// <summary>Compares the last connection's state; a reason of null is not compared for one that ended.</summary>
    private VsockConnection Check(VsockState state, string? reason)
    {
        VsockConnection connection = Track().Connections[^1];
        Assert.Equal(state, connection.State);
        if (reason is not null || !connection.HasEnded)
            Assert.Equal(reason, connection.Reason);

        return connection;
    }
}
