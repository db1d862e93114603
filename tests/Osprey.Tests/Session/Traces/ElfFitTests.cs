using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Session.Traces.Names;
using Osprey.Symbols.Modules;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Traces.Model;

namespace Osprey.Tests.Session.Traces;

public sealed class ElfFitTests
{
    private const ulong Base = 0x1000;

    [Fact]
    public void Check_ElfThatRan_Fits()
    {
        using ElfImage image = NewElf();

        ElfFit fit = ElfFit.Check(image, LoadBias.None, [Base + 0x15, Base + 0x25, 0x9000_0000], NewTracepoints());

        Assert.Equal(new ElfFit("test.elf", 2, 2, 3, 3) { Outside = 1 }, fit);
        Assert.Null(fit.Warning);
    }

    [Fact]
    public void Check_ElfElsewhere_FitsThere()
    {
        using ElfImage image = NewElf();
        var bias = new LoadBias(0x10_0000);

        ElfFit fit = ElfFit.Check(image, bias, [Base + 0x10_0015], []);

        Assert.Equal(new ElfFit("test.elf", 1, 1, 0, 0), fit);
    }

    [Fact]
    public void Check_ElfOfAnotherBuild_WarnsOfBoth()
    {
        using ElfImage image = NewElf();

        ElfFit fit = ElfFit.Check(image, LoadBias.None, [Base + 0x15, Base + 0x35], NewTracepoints(shift: 8));

        Assert.Equal(
            "test.elf does not fit the trace, names may be wrong: only 1 of 2 return addresses "
                + "(50.0 %) follow a call in it, "
                + "and only 0 of 3 tracepoints (0.0 %) are where it has them (is it of another build?)",
            fit.Warning
        );
    }

    [Fact]
    public void Check_StrippedElf_SaysNothingOfTracepoints()
    {
        var elf = new ElfBuilder();
        elf.AddText(Base, new byte[0x400]);
        using ElfImage image = elf.BuildImage();

        ElfFit fit = ElfFit.Check(image, LoadBias.None, [], NewTracepoints());

        Assert.Equal(new ElfFit("test.elf", 0, 0, 0, 0), fit);
        Assert.True(fit.IsFit);
    }

    private static ElfImage NewElf()
    {
        byte[] code = new byte[0x400];
        Array.Fill(code, (byte)0x90);
        code[0x10] = 0xe8;
        code[0x20] = 0xe8;
        var elf = new ElfBuilder();
        ushort text = elf.AddText(Base, code);
        elf.AddSymbol("trace_vfs_open", Base + 0x100, 96, ElfSymbolType.Object, section: text);
        elf.AddSymbol("_ZN5sched16trace_sched_waitE", Base + 0x180, 96, ElfSymbolType.Object, section: text);
        elf.AddSymbol("_ZL15trace_tcp_state", Base + 0x200, 96, ElfSymbolType.Object, ElfSymbolBinding.Local, text);
        return elf.BuildImage();
    }

    private static IReadOnlyList<Tracepoint> NewTracepoints(ulong shift = 0)
    {
        var table = new TracepointTable();
        table.Add(Base + 0x100 + shift, "vfs_open"u8, ""u8, ""u8);
        table.Add(Base + 0x180 + shift, "sched_wait"u8, ""u8, ""u8);
        table.Add(Base + 0x200 + shift, "tcp_state"u8, ""u8, ""u8);
        return table.All;
    }
}
