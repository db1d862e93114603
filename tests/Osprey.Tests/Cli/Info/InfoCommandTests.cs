using Osprey.Binary.Elf.Symbols;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Tests.Builders.Traces;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Info;

public sealed class InfoCommandTests
{
    [Fact]
    public void Info_OfASmallTrace_ShowsWhatIsInIt()
    {
        using TraceFolder folder = new TraceFolder().Write("tracefile", TraceFolder.NewSmallTrace());

        GoldenFile.Verify(folder.Run("trace", "info").Transcript);
    }

    [Fact]
    public void Info_AsJson_IsOneObject()
    {
        using TraceFolder folder = new TraceFolder().Write("tracefile", NewOddTrace());

        GoldenFile.Verify(folder.Run("trace", "info", "--json").Transcript);
    }

    [Fact]
    public void Info_OfAnOddTrace_SaysWhatIsOdd()
    {
        using TraceFolder folder = new TraceFolder().Write("tracefile", NewOddTrace());

        GoldenFile.Verify(folder.Run("trace", "info").Transcript);
    }

    [Fact]
    public void Info_OfATruncatedTrace_KeepsWhatCouldBeReadAndFails()
    {
        byte[] whole = TraceFolder.NewSmallTrace().Build();
        using TraceFolder folder = new TraceFolder().Write("tracefile", whole[..^30]);

        GoldenFile.Verify(folder.Run("trace", "info").Transcript);
    }

    [Fact]
    public void Info_WithAnElfOfAnotherBuild_Warns()
    {
        using TraceFolder folder = new TraceFolder()
            .Write("tracefile", TraceFolder.NewSmallTrace())
            .Write("other.elf", NewElf(callAt: 0x1800));

        GoldenFile.Verify(folder.Run("trace", "info", "-e", "other.elf").Transcript);
    }

    /// <summary>Code from 0x800 on with one call, and the object of one tracepoint where the trace has it.</summary>
    private static byte[] NewElf(int callAt)
    {
        byte[] code = new byte[0x4000];
        Array.Fill(code, (byte)0x90);
        code[callAt] = 0xe8;
        var elf = new ElfBuilder();
        ushort text = elf.AddText(0x800, code);
        elf.AddSymbol("trace_vfs_open", TraceFolder.Open, 96, ElfSymbolType.Object, section: text);
        elf.AddSymbol("_ZN5sched16trace_sched_waitE", TraceFolder.Wait + 0x40, 96, ElfSymbolType.Object, section: text);
        return elf.Build();
    }

    private static SmallTrace NewOddTrace() =>
        new SmallTrace()
            .Tracepoint(0x1000, "tcp_state", "i", "%s %s")
            .Tracepoint(0x1100, "tcp_state", "50p", "%s")
            .Sample(0x1000, 0, uint.MaxValue, thread: 0, name: "", payload: [1, 0, 0, 0])
            .Sample(0x1100, 5_000_000, name: "\xff\xfe", payload: SmallTrace.Text("bad \xff"))
            .Sample(0x1100, 4_000_000, payload: SmallTrace.Text(new string('x', 48) + "\xc3"));
}
