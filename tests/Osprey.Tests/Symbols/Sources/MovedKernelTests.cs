using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Sources;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Symbols.Sources;

/// <summary>
/// Tests a kernel that moved itself: its code and data moved, its per-CPU variables, which are linked from 0 on, did
/// not.
/// </summary>
public sealed class MovedKernelTests : IDisposable
{
    private const ulong Text = 0xffff_ffff_8100_0000;
    private const ulong Data = 0xffff_ffff_8200_0000;
    private const ulong Shift = 0x1e00_0000;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"osprey-{Guid.NewGuid():n}.elf");
    private readonly LoadBias _bias = new(Shift) { KeptBelow = 0xffff_ffff_8000_0000 };

    public MovedKernelTests()
    {
        var builder = new ElfBuilder();
        ushort text = builder.AddText(Text, new byte[0x100]);
        ushort data = builder.AddSection(
            ".data",
            new byte[0x100],
            flags: ElfSectionFlags.Allocated | ElfSectionFlags.Write,
            address: Data
        );
        ushort each = builder.AddSection(
            ".data..percpu",
            new byte[0x100],
            flags: ElfSectionFlags.Allocated | ElfSectionFlags.Write,
            address: 0
        );
        builder
            .AddSegment(new ElfSegment(ElfSegmentType.Load, 6, 0, Data, Data, 0x100, 0x100, 1))
            .AddSegment(new ElfSegment(ElfSegmentType.Load, 6, 0, 0, 0, 0x100, 0x100, 1))
            .AddSymbol("schedule", Text + 0x10, 0x20, section: text)
            .AddSymbol("entry", Text + 0x40, 0, ElfSymbolType.None, section: text)
            .AddSymbol(".L12", Text + 0x48, 0, ElfSymbolType.None, ElfSymbolBinding.Local, text)
            .AddSymbol("jiffies", Data + 0x10, 8, ElfSymbolType.Object, section: data)
            .AddSymbol(".LC3", Data + 0x20, 8, ElfSymbolType.Object, ElfSymbolBinding.Local, data)
            .AddSymbol("mask", Data + 0x40, 0, ElfSymbolType.None, section: data)
            .AddSymbol("runqueues", 0x20, 0x40, ElfSymbolType.Object, section: each);
        File.WriteAllBytes(_path, builder.Build());
    }

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Addresses_BothWays_MoveWithoutThePerCpuOnes()
    {
        using var symbolizer = new Symbolizer(ElfSymbolSourceTests.NoCache);
        ElfSymbolSource source = symbolizer.AddElf(_path, _bias);
        Assert.Equal(
            (Text + Shift, Data + Shift + 0x100, Text + 0x10 + Shift, 0x20UL),
            (
                source.Module.Start,
                source.Module.End,
                symbolizer.FindSymbol("schedule"),
                symbolizer.FindSymbol("runqueues")
            )
        );
        foreach (ulong address in (ulong[])[0, 0x20, Text, Data + 0x10])
            Assert.Equal(address, _bias.ToLinkAddress(_bias.ToAddress(address)));
    }

    [Theory]
    [InlineData(Text + Shift + 0x12, "schedule")]
    [InlineData(Text + Shift + 0x44, "entry")] // code behind a label is the label's
    [InlineData(Text + Shift + 0x4a, "entry")] // a label of the assembler's is none
    [InlineData(Text + 0x12, null)]
    [InlineData(Data + Shift + 0x14, "jiffies")]
    [InlineData(Data + Shift + 0x22, null)]
    [InlineData(Data + Shift + 0x40, "mask")]
    [InlineData(Data + Shift + 0x44, null)] // data behind one may be anything
    [InlineData(0x24UL, "runqueues")]
    [InlineData(0x74UL, null)]
    [InlineData(0x40_1000UL, null)] // a program's
    public void Names_OfAddresses_AreThoseThatCover(ulong address, string? expected)
    {
        using var symbolizer = new Symbolizer(ElfSymbolSourceTests.NoCache);
        symbolizer.AddElf(_path, _bias);
        Assert.Equal(expected, symbolizer.FindTableSymbol(address)?.Name);
    }
}
