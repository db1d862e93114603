using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Binary.Elf;

public sealed class ElfImageTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Parse_BothByteOrders_ReadsHeadersSymbolsAndNotes(bool bigEndian)
    {
        var builder = new ElfBuilder
        {
            IsBigEndian = bigEndian,
            Type = ElfType.SharedObject,
            Machine = ElfMachine.Arm64,
        };
        ushort text = builder.AddText(0x1000, [1, 2, 3, 4]);
        builder.AddSymbol("f", 0x1001, 2, section: text);
        using ElfImage image = builder.BuildImage();

        Assert.Equal(bigEndian, image.IsBigEndian);
        Assert.Equal(ElfType.SharedObject, image.Type);
        Assert.Equal(ElfMachine.Arm64, image.Machine);
        Assert.Equal(["", ".text", ".symtab", ".strtab", ".shstrtab"], image.Sections.Select(section => section.Name));
        Assert.Equal((0x1000UL, 0x1004UL), (image.LowestLinkAddress, image.HighestLinkAddress));
        ElfSymbolTable symbols = image.ReadSymbols();
        Assert.Equal(2, symbols.Count);
        Assert.Equal("f", symbols.GetName(symbols[1].NameOffset));
        Assert.Equal(0x1001UL, symbols.Find("f")!.Value.LinkAddress);
        Assert.Null(symbols.Find("g"));
    }

    [Fact]
    public void ReadLoaded_AcrossTheEnd_CopiesWhatIsThere()
    {
        var builder = new ElfBuilder();
        builder.AddText(0x1000, [1, 2, 3, 4]);
        using ElfImage image = builder.BuildImage();
        byte[] buffer = new byte[8];

        Assert.Equal(2, image.ReadLoaded(0x1002, buffer));
        Assert.Equal([3, 4], buffer[..2]);
        Assert.Equal(0, image.ReadLoaded(0x1004, buffer));
        Assert.Equal(0, image.ReadLoaded(0xfff, buffer));
    }

    [Fact]
    public void ReadBuildId_Note_IsHexadecimal()
    {
        using ElfImage image = new ElfBuilder().AddBuildId(0xab, 0x01, 0xff).BuildImage();
        Assert.Equal("ab01ff", image.ReadBuildId().ToString());
        Assert.Equal(new BuildId([0xab, 1, 0xff]), image.ReadBuildId());
    }

    [Fact]
    public void ReadDebugLink_Section_GivesNameAndChecksum()
    {
        var builder = new ElfBuilder();
        builder.AddSection(".gnu_debuglink", ElfBuilder.DebugLink("a.debug", 0x1234_5678));
        using ElfImage image = builder.BuildImage();
        Assert.Equal(new DebugLink("a.debug", 0x1234_5678), image.ReadDebugLink());
    }

    [Theory]
    [InlineData(0, "not an ELF file")]
    [InlineData(4, "a 32-bit ELF file; only 64-bit files are read")]
    [InlineData(5, "byte order 1")]
    public void Parse_OtherKindsOfFile_SaysWhatItIs(int offset, string expected)
    {
        byte[] file = new ElfBuilder().AddBuildId(1).Build();
        file[offset] = (byte)(offset == 5 ? 3 : 1);
        var e = Assert.Throws<BadDataException>(() => ElfImage.Parse(new MemoryByteSource("x", file)));
        Assert.Equal(offset == 5 ? "byte order 3; expected 1 (little endian) or 2 (big endian)" : expected, e.Problem);
    }

    [Fact]
    public void Parse_MoreSectionsThanAllowed_IsRefused()
    {
        byte[] file = new ElfBuilder().AddBuildId(1).Build();
        var limits = new ParseLimits { MaxSections = 2 };
        var e = Assert.Throws<BadDataException>(() => ElfImage.Parse(new MemoryByteSource("x", file), limits));
        Assert.Equal("3 section headers are over the limit of 2", e.Problem);
    }

    [Fact]
    public void GetContent_SectionOutsideOfTheFile_IsRefusedAndOthersAreNot()
    {
        var builder = new ElfBuilder();
        builder.AddSection(".good", [1, 2]);
        builder.AddSection(".bad", [3]);
        byte[] file = builder.Build();
        int header = file.Length - (2 * 64);
        file[header + 32 + 7] = 0x40; // its size
        using ElfImage image = ElfImage.Parse(new MemoryByteSource("x", file));

        Assert.Equal([1, 2], image.GetContent(image.FindSection(".good")!).ToArray());
        Assert.Throws<BadDataException>(() => image.GetContent(image.FindSection(".bad")!));
    }

    [Fact]
    public void Crc32_KnownText_HasKnownValue()
    {
        Assert.Equal(0xcbf43926u, Crc32.Compute("123456789"u8));
        Assert.Equal(0xcbf43926u, Crc32.Compute("9"u8, Crc32.Compute("12345678"u8)));
        Assert.Equal(0u, Crc32.Compute([]));
    }

    [Fact]
    public void Parse_CutOrChangedAnywhere_GivesBadDataOrAnImage()
    {
        byte[] file = new ElfBuilder().AddBuildId(1, 2, 3, 4).AddSymbol("f", 0x10, 2).AddSymbol("g", 0x12, 2).Build();
        Assert.True(Mutations.Truncate(file, Read) > 0);
        Assert.True(Mutations.Change(file, seed: 1, count: 20_000, Read) > 0);

        static void Read(byte[] input)
        {
            using ElfImage image = ElfImage.Parse(new MemoryByteSource("x", input));
            foreach (ElfSection section in image.Sections)
                image.GetContent(section);

            ElfSymbolTable symbols = image.ReadSymbols();
            for (int i = 0; i < symbols.Count; i++)
                symbols.GetName(symbols[i].NameOffset);

            image.ReadBuildId();
            image.ReadDebugLink();
        }
    }
}
