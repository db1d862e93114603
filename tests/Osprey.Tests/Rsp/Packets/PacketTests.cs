using System.Text;
using Osprey.Rsp;
using Osprey.Rsp.Packets;

namespace Osprey.Tests.Rsp.Packets;

public sealed class PacketTests
{
    [Theory]
    [InlineData("1", null, 1L, "1")]
    [InlineData("p01.01", 1L, 1L, "p1.1")]
    [InlineData("pa.1f", 10L, 31L, "pa.1f")]
    [InlineData("-1", null, -1L, "-1")]
    [InlineData("p-1.-1", -1L, -1L, "p-1.-1")]
    [InlineData("p2", 2L, -1L, "p2.-1")]
    public void ThreadId_Forms_AreRead(string text, long? process, long thread, string written)
    {
        Assert.True(ThreadId.TryParse(Encoding.ASCII.GetBytes(text), out ThreadId id));
        Assert.Equal(new ThreadId(process, thread), id);
        Assert.Equal(written, id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("p")]
    [InlineData("p1.")]
    [InlineData("p.1")]
    [InlineData("x")]
    [InlineData("ffffffffffffffff")]
    [InlineData("11112222333344445")]
    public void ThreadId_Malformed_IsRefused(string text) =>
        Assert.False(ThreadId.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void ThreadList_OneManyAndEnd_AreRead()
    {
        Assert.True(ThreadList.TryParse("mp01.01"u8, out IReadOnlyList<ThreadId>? one));
        Assert.Equal([new ThreadId(1, 1)], one);
        Assert.True(ThreadList.TryParse("m1,2,a"u8, out IReadOnlyList<ThreadId>? many));
        Assert.Equal([new ThreadId(null, 1), new ThreadId(null, 2), new ThreadId(null, 10)], many);
        Assert.True(ThreadList.TryParse("l"u8, out IReadOnlyList<ThreadId>? end));
        Assert.Empty(end);
        Assert.False(ThreadList.TryParse(""u8, out _));
        Assert.False(ThreadList.TryParse("m"u8, out _));
        Assert.False(ThreadList.TryParse("m1,"u8, out _));
        Assert.False(ThreadList.TryParse("E22"u8, out _));
    }

    public static TheoryData<string, StopReply?> Stops =>
        new()
        {
            { "T02thread:01;", new StopReply(StopKind.Signal, 2, new ThreadId(null, 1)) },
            {
                "T05thread:p01.02;watch:ffff800000001234;",
                new StopReply(StopKind.Signal, 5, new ThreadId(1, 2), 0xffff800000001234)
            },
            { "T05awatch:10;thread:p1.1;core:3;", new StopReply(StopKind.Signal, 5, new ThreadId(1, 1), 0x10) },
            { "S0e", new StopReply(StopKind.Signal, 14) },
            { "T11thread:p01.01;", new StopReply(StopKind.Signal, 17, new ThreadId(1, 1)) },
            { "W00", new StopReply(StopKind.Exited, 0) },
            { "X0f;process:1", new StopReply(StopKind.Terminated, 15) },
            { "T5", null },
            { "Tzz", null },
            { "T05thread:zz;", null },
            { "OK", null },
            { "", null },
        };

    [Theory]
    [MemberData(nameof(Stops))]
    public void StopReply_Forms_AreRead(string packet, StopReply? expected)
    {
        Assert.Equal(expected is not null, StopReply.TryParse(Encoding.ASCII.GetBytes(packet), out StopReply? reply));
        Assert.Equal(expected, reply);
    }

    [Fact]
    public void StubFeatures_OfQemu72_AreRead()
    {
        StubFeatures features = StubFeatures.Parse(
            "PacketSize=1000;qXfer:features:read+;vContSupported+;multiprocess+"u8
        );

        Assert.Equal(
            new StubFeatures
            {
                PacketSize = 0x1000,
                HasTargetDescription = true,
                HasMultiprocess = true,
            },
            features
        );
        Assert.Equal(features with { HasPhysicalMemoryMode = true }, features.WithQemu("sstepbits;sstep;PhyMemMode"u8));
        Assert.Equal(features, features.WithQemu(""u8));
    }

    [Fact]
    public void StubFeatures_NothingSaid_AreWhatEveryStubHas()
    {
        Assert.Equal(new StubFeatures(), StubFeatures.Parse(""u8));
        Assert.Equal(0x20020, StubFeatures.Parse("PacketSize=20020;multiprocess-"u8).PacketSize);
        Assert.Throws<RspException>(() => StubFeatures.Parse("PacketSize=x"u8));
        Assert.Throws<RspException>(() => StubFeatures.Parse("PacketSize=1"u8));
    }

    [Theory]
    [InlineData("E14", true, "E14")]
    [InlineData("E.no such thing", true, "no such thing")]
    [InlineData("E1", false, "E00")]
    [InlineData("E142", false, "E00")]
    [InlineData("Ezz", false, "E00")]
    [InlineData("OK", false, "E00")]
    public void ErrorReply_Forms_AreRead(string reply, bool expected, string text)
    {
        Assert.Equal(expected, ErrorReply.TryParse(Encoding.ASCII.GetBytes(reply), out ErrorReply error));
        Assert.Equal(text, error.ToString());
    }

    [Fact]
    public void MonitorOutput_Pieces_AreText()
    {
        Assert.Equal("hi\r\n"u8.ToArray(), MonitorOutput.TryParse("O68690d0a"u8));
        Assert.Equal([], MonitorOutput.TryParse("O"u8)!);
        Assert.Null(MonitorOutput.TryParse("OK"u8));
        Assert.Null(MonitorOutput.TryParse("O6"u8));
        Assert.Null(MonitorOutput.TryParse("6869"u8));
    }

    [Fact]
    public void MemoryRequest_LargestValues_FitTheirSize()
    {
        Span<byte> body = stackalloc byte[MemoryRequest.MaxSize];

        int length = new MemoryRequest(ulong.MaxValue, int.MaxValue).Write(body);
        Assert.Equal("mffffffffffffffff,7fffffff", Encoding.ASCII.GetString(body[..length]));
        Assert.Equal(MemoryRequest.MaxSize, length);
        length = new MemoryRequest(0, 0x800).Write(body);
        Assert.Equal("m0,800", Encoding.ASCII.GetString(body[..length]));
    }

    [Fact]
    public void RegisterBlock_ShortReplyAndUnknownValues_AreLeftOut()
    {
        TargetDescription description = TargetDescription.Parse(
            "<target><reg name='a' bitsize='64'/><reg name='b' bitsize='32'/><reg name='c' bitsize='80'/>"
                + "<reg name='d' bitsize='8'/></target>",
            _ => null
        );

        RegisterBlock block = RegisterBlock.Parse("efcdab8967452301xxxxxxxx01020304050607080910"u8, description);

        Assert.Equal([0x0123456789abcdefUL, null, null, null], description.Registers.Select(block.Read));
        Assert.Throws<RspException>(() => RegisterBlock.Parse("zz00000000000000"u8, description));
    }
}
