using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Osprey.Rsp;
using Osprey.Rsp.Framing;

namespace Osprey.Tests.Rsp.Framing;

public sealed class RspFramingTests
{
    private const int MaxBody = 64;

    [Theory]
    [InlineData("$qSupported#37", "Packet:qSupported")]
    [InlineData("$#00", "Packet:")]
    [InlineData("$OK#9A", "Packet:OK")]
    [InlineData("+$OK#9a-", "Ack:,Packet:OK,Nack:")]
    [InlineData("$OK#9b$OK#9a", "Corrupt:OK,Packet:OK")]
    [InlineData("$OK#zz", "Corrupt:OK")]
    [InlineData("%Stop:T05#99+", "Notification:Stop:T05,Ack:")]
    [InlineData("%Stop:T05#00+", "Garbage:Stop:T05,Ack:")]
    [InlineData("\\x03$OK#9a", "Interrupt:,Packet:OK")]
    [InlineData("noise#12$OK#9a", "Garbage:noise#12,Packet:OK")]
    [InlineData("$cut o$OK#9a", "Garbage:$cut o,Packet:OK")]
    [InlineData("$a}\\x03b#43", "Packet:a}\\x03b")]
    [InlineData("$OK", "")]
    [InlineData("$OK#", "")]
    [InlineData("$OK#9", "")]
    [InlineData("", "")]
    public void TryRead_Streams_ComeApart(string input, string expected) =>
        Assert.Equal(expected, TakeAll(Bytes(input)));

    [Fact]
    public void TryRead_LongestBody_IsTaken()
    {
        string body = new('a', MaxBody);

        Assert.Equal($"Packet:{body}", TakeAll(Bytes($"${body}#40")));
    }

    [Fact]
    public void TryRead_BodyOverTheLimit_IsOversizedBeforeItsEndArrives()
    {
        string body = new('a', MaxBody);

        Assert.Equal($"Oversized:{body},Garbage:aa#a1,Packet:OK", TakeAll(Bytes($"${body}aa#a1$OK#9a")));
        Assert.Equal($"Oversized:{body},Garbage:a", TakeAll(Bytes($"${body}a")));
    }

    [Fact]
    public void TryRead_CutAtEveryByteAndFedInPieces_GivesTheSame()
    {
        byte[] input = Bytes("+$OK#9anoise%Stop:T05#99$cut o$a}\\x03b#43\\x03-$OK#9b$#00");
        string whole = TakeAll(input);
        for (int cut = 0; cut <= input.Length; cut++)
        {
            // Only garbage may come in two pieces.
            string joined =
                TakeAll(new ReadOnlySequence<byte>(input[..cut])) is var first && cut < input.Length ? first : whole;
            Assert.StartsWith(joined.Split(",Garbage")[0], whole, StringComparison.Ordinal);
            Assert.Equal(whole, TakeAll(Split(input, cut)));
        }
    }

    [Fact]
    public void TryRead_RandomBytes_AlwaysGetsOn()
    {
        var random = new Random(4711);
        ReadOnlySpan<byte> alphabet = "$$##%+-\x03}*ab09"u8;
        for (int round = 0; round < 4000; round++)
        {
            byte[] bytes = new byte[random.Next(200)];
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = random.Next(4) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];

            var input = new ReadOnlySequence<byte>(bytes);
            var pieces = Split(bytes, bytes.Length / 2);
            for (
                long left = input.Length;
                RspFraming.TryRead(ref input, MaxBody, out RspInputKind kind, out ReadOnlySequence<byte> body);
                left = input.Length
            )
            {
                Assert.True(input.Length < left);
                Assert.True(kind == RspInputKind.Garbage || body.Length <= MaxBody);
            }

            Assert.True(input.Length <= MaxBody + RspFraming.Overhead);
            Assert.Equal(TakeAll(new ReadOnlySequence<byte>(bytes)), TakeAll(pieces));
        }
    }

    [Fact]
    public void WritePacket_AnyPayload_ComesBack() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll(
                Payloads(),
                payload =>
                {
                    var output = new ArrayBufferWriter<byte>();
                    RspEncoding.WritePacket(output, payload);
                    var input = new ReadOnlySequence<byte>(output.WrittenMemory);

                    Assert.True(
                        RspFraming.TryRead(ref input, 10_000, out RspInputKind kind, out ReadOnlySequence<byte> body)
                    );
                    Assert.Equal(RspInputKind.Packet, kind);
                    Assert.True(input.IsEmpty);
                    Assert.True(RspEncoding.TryDecode(body.ToArray(), 10_000, out byte[] decoded));
                    Assert.Equal(payload, decoded);
                }
            )
        );

    [Fact]
    public void WritePacket_WithoutSpecials_IsAsThePacketsOfTheManual()
    {
        var output = new ArrayBufferWriter<byte>();
        RspEncoding.WritePacket(output, "qSupported"u8);
        RspEncoding.WritePacket(output, "a#b$c}d*"u8);

        Assert.Equal("$qSupported#37$a}\\x03b}\\x04c}]d}\\x0a#ec", RspText.Format(output.WrittenSpan));
    }

    [Theory]
    [InlineData("0* ", "0000")]
    [InlineData(
        "0*~",
        "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    )]
    [InlineData("a0* b", "a0000b")]
    [InlineData("}\\x03* ", "####")]
    [InlineData("plain", "plain")]
    public void TryDecode_Runs_AreRepeated(string body, string expected)
    {
        Assert.True(RspEncoding.TryDecode(Bytes(body), 1000, out byte[] payload));
        Assert.Equal(expected, Encoding.ASCII.GetString(payload));
    }

    [Theory]
    [InlineData("* ")]
    [InlineData("0*")]
    [InlineData("0*\\x1f")]
    [InlineData("0*\\x7f")]
    [InlineData("a}")]
    [InlineData("0*~0*~0*~0*~0*~0*~0*~0*~0*~0*~0*~0*~")]
    public void TryDecode_Malformed_IsRefused(string body)
    {
        Assert.False(RspEncoding.TryDecode(Bytes(body), 1000, out byte[] payload));
        Assert.Empty(payload);
    }

    private static Arbitrary<byte[]> Payloads() =>
        Gen.Frequency((3, Gen.Choose(0, 255)), (1, Gen.Elements<int>('#', '$', '}', '*', '+')))
            .Select(value => (byte)value)
            .ArrayOf()
            .ToArbitrary();

    private static byte[] Bytes(string text)
    {
        var bytes = new List<byte>();
        Assert.True(RspText.TryParse(text, bytes));
        return [.. bytes];
    }

    private static string TakeAll(byte[] input) => TakeAll(new ReadOnlySequence<byte>(input));

    private static string TakeAll(ReadOnlySequence<byte> input)
    {
        var found = new List<string>();
        while (RspFraming.TryRead(ref input, MaxBody, out RspInputKind kind, out ReadOnlySequence<byte> body))
            found.Add($"{kind}:{RspText.Format(body.ToArray())}");

        return string.Join(',', found);
    }

    private static ReadOnlySequence<byte> Split(byte[] input, int at)
    {
        var first = new Segment(input.AsMemory(0, at), 0);
        var last = new Segment(input.AsMemory(at), at);
        first.SetNext(last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public void SetNext(Segment next) => Next = next;
    }
}
