using System.Text;
using Osprey.Packets.Pcap;
using Osprey.Session.Packets;

namespace Osprey.Tests.Packets;

public sealed class TcpdumpRelayTests
{
    [RequiresProgramFact("tcpdump")]
    public void Run_WholeTrace_IsTheBannerAndWhatTcpdumpSays()
    {
        using MemoryStream file = new();
        PcapWriter writer = new(file, PcapVariant.Compatible);
        WriteAll(writer);
        writer.Flush();
        string banner = "reading from file -, link-type EN10MB (Ethernet), snapshot length 1500\n";
        string expected = banner + OtherProgram.Run("tcpdump", file.ToArray(), "-nn", "-r", "-");
        using MemoryStream output = new();

        int code = TcpdumpRelay.Run(WriteAll, output);

        Assert.Equal(0, code);
        Assert.Equal(WithoutTimes(expected), WithoutTimes(Encoding.UTF8.GetString(output.ToArray())));
    }

    [Fact]
    public void Run_BothOutputs_ComeInOrder()
    {
        using FakeProgram program = new("echo one >&2; echo two; echo three >&2; cat > /dev/null; echo four; exit 5");
        using MemoryStream output = new();

        int code = TcpdumpRelay.Run(WriteAll, output, program.Path);

        Assert.Equal(5, code);
        Assert.Equal("one\ntwo\nthree\nfour\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void Run_ProgramEndsEarly_GivesItsTextAndCode()
    {
        using FakeProgram program = new("echo gone; exit 6");
        using MemoryStream output = new();

        int code = TcpdumpRelay.Run(WriteMuch, output, program.Path);

        Assert.Equal(6, code);
        Assert.Equal("gone\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void Run_WriterThrows_ThrowsThat()
    {
        using FakeProgram program = new("cat > /dev/null");
        using MemoryStream output = new();

        InvalidOperationException problem = Assert.Throws<InvalidOperationException>(() =>
            TcpdumpRelay.Run(_ => throw new InvalidOperationException("the trace is broken"), output, program.Path)
        );

        Assert.Equal("the trace is broken", problem.Message);
    }

    [Fact]
    public void Run_NobodyReadsTheOutput_ThrowsAndDoesNotHang()
    {
        using FakeProgram program = new("while echo text; do :; done");
        using FullStream output = new();

        Assert.Throws<IOException>(() => TcpdumpRelay.Run(WriteMuch, output, program.Path));
    }

    [Fact]
    public void Run_NoSuchProgram_SaysSo() =>
        Assert.Throws<TcpdumpException>(() => TcpdumpRelay.Run(WriteAll, Stream.Null, "no-such-tcpdump"));

    private static void WriteAll(PcapWriter writer)
    {
        foreach (RecordedPacket packet in RecordedPacket.All)
            writer.TryWrite(packet.Time, packet.Protocol, packet.Captured);
    }

    private static void WriteMuch(PcapWriter writer)
    {
        for (int i = 0; i < 1000; i++)
            WriteAll(writer);
    }

    /// <summary>tcpdump shows local time, and the two runs may not agree on what is local.</summary>
    private static IEnumerable<string> WithoutTimes(string text) =>
        text.Split('\n').Select(line => line.Length > 15 && line[2] == ':' ? line[3..] : line);

    /// <summary>As a pipe whose reader is gone.</summary>
    private sealed class FullStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("Broken pipe");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Broken pipe");
    }
}
