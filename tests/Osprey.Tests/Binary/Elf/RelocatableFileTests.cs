using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Binary.Elf;

/// <summary>Object files and kernel modules: the places of their sections, symbols and relocations.</summary>
public sealed class RelocatableFileTests
{
    private const ElfSectionFlags Code = ElfSectionFlags.Allocated | ElfSectionFlags.Executable;
    private const ElfSectionFlags Data = ElfSectionFlags.Allocated | ElfSectionFlags.Write;

    [Fact]
    public void Sections_OfAnObjectFile_FollowEachOther()
    {
        using ElfImage image = BuildObject();
        Assert.Equal(
            [(".text", 0ul), (".data", 0x10ul), (".text.other", 0x18ul), (".debug_info", 0ul)],
            image.Sections.Where(section => section.Index is > 0 and < 5).Select(item => (item.Name, item.LinkAddress))
        );
        Assert.Equal((0ul, 0x20ul), (image.LowestLinkAddress, image.HighestLinkAddress));
    }

    [Fact]
    public void Symbols_OfAnObjectFile_AreInTheirSections()
    {
        using ElfImage image = BuildObject();
        ElfSymbolTable symbols = image.ReadSymbols();
        Assert.Equal(
            [("first", 4ul), ("counter", 0x14ul), ("other", 0x18ul)],
            ((string[])["first", "counter", "other"]).Select(name => (name, symbols.Find(name)!.Value.LinkAddress))
        );
        Assert.Null(symbols.Find("missing"));
    }

    [Theory]
    [InlineData(false, ElfMachine.X64, 1, 2)]
    [InlineData(true, ElfMachine.X64, 1, 2)]
    [InlineData(false, ElfMachine.Arm64, 257, 261)]
    [InlineData(false, ElfMachine.RiscV, 2, 57)]
    public void DebugInfo_OfAnObjectFile_IsRelocated(bool bigEndian, ElfMachine machine, int absolute, int relative)
    {
        using ElfImage image = BuildObject(bigEndian, machine, absolute, relative);
        ReadOnlySpan<byte> content = image.GetDebugContent(".debug_info").Span;
        var reader = new ByteReader(content, "test", 0, bigEndian);
        Assert.Equal(0x1cul, reader.ReadUInt64());
        Assert.Equal(0xfffffffcu, reader.ReadUInt32());
        Assert.Equal(ulong.MaxValue, reader.ReadUInt64());
        Assert.Equal(0x7766_5544u, reader.ReadUInt32());
    }

    [Fact]
    public void DebugInfo_WithAnUnknownRelocation_IsRefused()
    {
        using ElfImage image = BuildObject(absolute: 99);
        var problem = Assert.Throws<BadDataException>(() => image.GetDebugContent(".debug_info"));
        Assert.Equal(".rela.debug_info+0x0: relocation 99 of processor 62 is not understood", problem.Message);
    }

    [Fact]
    public void Sections_OfAKernelModule_AreWhereTheKernelPutsThem()
    {
        var elf = new ElfBuilder { Type = ElfType.Relocatable };
        elf.AddSection(".init.text", new byte[4], flags: Code);
        elf.AddSection(".text", new byte[0x28], flags: Code);
        elf.AddSection(".exit.text", new byte[8], flags: Code);
        elf.AddSection(".data", new byte[8], flags: Data);
        elf.AddSection(".rodata", new byte[8], flags: ElfSectionFlags.Allocated);
        elf.AddSection(".data..percpu", new byte[8], flags: Data);
        elf.AddSection(".data..ro_after_init", new byte[8], flags: Data);
        elf.AddSection(".modinfo", new byte[8], flags: ElfSectionFlags.Allocated);
        elf.AddSection(".gnu.linkonce.this_module", new byte[8], flags: Data);
        elf.AddSymbol("offset", 4, 4, ElfSymbolType.Object, section: 6);
        elf.AddSymbol("early", 0, 4, section: 1);
        using ElfImage image = elf.BuildImage();
        Assert.Equal(
            [
                (".text", 0ul),
                (".exit.text", 0x28ul),
                (".rodata", 0x1000ul),
                (".data..ro_after_init", 0x2000ul),
                (".data", 0x3000ul),
                (".gnu.linkonce.this_module", 0x3008ul),
                (".init.text", 0x4000ul),
            ],
            image
                .Sections.Where(section => (section.Flags & ElfSectionFlags.Allocated) != 0)
                .OrderBy(section => section.LinkAddress)
                .Select(section => (section.Name, section.LinkAddress))
        );
        Assert.Null(image.ReadSymbols().Find("offset"));
        Assert.Equal(0x4000ul, image.ReadSymbols().Find("early")!.Value.LinkAddress);
    }

    [Fact]
    public void DamagedObjectFiles_AreRefusedOrReadInPart()
    {
        byte[] file = CreateObject(false, ElfMachine.X64, 1, 2).Build();
        Assert.True(Mutations.Truncate(file, Read) > 0);
        Assert.True(Mutations.Change(file, seed: 10, count: 20_000, Read) > 0);

        static void Read(byte[] bytes)
        {
            using ElfImage image = ElfImage.Parse(new MemoryByteSource("test.o", bytes));
            ElfSymbolTable symbols = image.ReadSymbols();
            for (int i = 0; i < symbols.Count; i++)
                _ = symbols[i];

            image.GetDebugContent(".debug_info");
            image.ReadLoaded(0x18, new byte[16]);
        }
    }

    private static ElfImage BuildObject(
        bool bigEndian = false,
        ElfMachine machine = ElfMachine.X64,
        int absolute = 1,
        int relative = 2
    ) => CreateObject(bigEndian, machine, absolute, relative).BuildImage();

    private static ElfBuilder CreateObject(bool bigEndian, ElfMachine machine, int absolute, int relative)
    {
        var elf = new ElfBuilder
        {
            Type = ElfType.Relocatable,
            Machine = machine,
            IsBigEndian = bigEndian,
        };
        elf.AddSection(".text", new byte[0x10], flags: Code);
        elf.AddSection(".data", new byte[8], flags: Data);
        elf.AddSection(".text.other", new byte[8], flags: Code);
        byte[] content = new byte[24];
        new DwarfWriter { IsBigEndian = bigEndian }
            .UInt32(0x7766_5544)
            .ToArray()
            .CopyTo(content, 20);
        elf.AddSection(".debug_info", content);
        var relocations = new DwarfWriter { IsBigEndian = bigEndian };
        Add(0, 3, absolute, 4);
        Add(8, 1, relative, 0);
        Add(12, 4, absolute, 0);
        elf.AddSection(
            ".rela.debug_info",
            relocations.ToArray(),
            ElfSectionType.RelocationsWithAddends,
            link: 6,
            entrySize: 24,
            info: 4
        );
        elf.AddSymbol("first", 4, 4, section: 1);
        elf.AddSymbol("counter", 4, 4, ElfSymbolType.Object, section: 2);
        elf.AddSymbol("other", 0, 8, section: 3);
        elf.AddSymbol("missing", 0, 0, ElfSymbolType.None, section: 0);
        return elf;

        void Add(ulong offset, ulong symbol, int type, ulong addend) =>
            relocations.UInt64(offset).UInt64((symbol << 32) | (uint)type).UInt64(addend);
    }
}
