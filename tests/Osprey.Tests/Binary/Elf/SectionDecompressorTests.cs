using System.IO.Compression;
using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Binary.Elf;

public sealed class SectionDecompressorTests
{
    private static readonly byte[] s_content = [.. Enumerable.Range(0, 10_000).Select(i => (byte)(i / 100))];

    [Fact]
    public void GetContent_Zlib_IsDecompressed()
    {
        using ElfImage image = Build(".debug_str", Header(1, 10_000, Pack(s_content)), ElfSectionFlags.Compressed);
        Assert.Equal(s_content, image.GetDebugContent(".debug_str").ToArray());
    }

    [Fact]
    public void GetContent_OldForm_IsFoundByTheUsualName()
    {
        byte[] header = [.. "ZLIB"u8, 0, 0, 0, 0, 0, 0, 0x27, 0x10];
        using ElfImage image = Build(".zdebug_str", [.. header, .. Pack(s_content)], ElfSectionFlags.None);
        Assert.Equal(s_content, image.GetDebugContent(".debug_str").ToArray());
    }

    [Theory]
    [InlineData(9_999UL, null)]
    [InlineData(10_001UL, "expected 10001 bytes after decompression, have 10000")]
    [InlineData(1UL << 40, "53 compressed bytes can't hold the 1099511627776 that are declared")]
    [InlineData(1_000_000UL, "53 compressed bytes can't hold the 1000000 that are declared")]
    public void GetContent_LyingSize_IsRefusedBeforeItIsAllocated(ulong size, string? expected)
    {
        byte[] packed = Pack(s_content);
        using ElfImage image = Build(".debug_str", Header(1, size, packed), ElfSectionFlags.Compressed);
        if (expected is null)
        {
            Assert.Equal(s_content[..(int)size], image.GetDebugContent(".debug_str").ToArray());
            return;
        }

        var e = Assert.Throws<BadDataException>(() => image.GetDebugContent(".debug_str"));
        Assert.Equal(expected.Replace("53 ", $"{packed.Length} ", StringComparison.Ordinal), e.Problem);
    }

    [Fact]
    public void GetContent_UnknownKind_SaysSo()
    {
        using ElfImage image = Build(".debug_str", Header(9, 1, [0]), ElfSectionFlags.Compressed);
        var e = Assert.Throws<BadDataException>(() => image.GetDebugContent(".debug_str"));
        Assert.Equal("compression type 9 is not known; expected 1 (zlib) or 2 (zstd)", e.Problem);
    }

    [Fact]
    public void GetContent_DamagedZstd_IsRefused()
    {
        using ElfImage image = Build(".debug_str", Header(2, 100, [1, 2, 3, 4]), ElfSectionFlags.Compressed);
        Assert.Throws<BadDataException>(() => image.GetDebugContent(".debug_str"));
    }

    [Fact]
    public void GetContent_CutOrChangedAnywhere_GivesBadDataOrBytes()
    {
        byte[] section = Header(1, 10_000, Pack(s_content));
        Assert.True(Mutations.Truncate(section, Read) > 0);
        Assert.True(Mutations.Change(section, seed: 2, count: 5_000, Read) > 0);

        static void Read(byte[] input)
        {
            using ElfImage image = Build(".debug_str", input, ElfSectionFlags.Compressed);
            image.GetDebugContent(".debug_str");
        }
    }

    private static ElfImage Build(string name, byte[] content, ElfSectionFlags flags)
    {
        var builder = new ElfBuilder();
        builder.AddSection(name, content, flags: flags);
        return builder.BuildImage();
    }

    private static byte[] Header(uint kind, ulong size, byte[] packed) =>
        new DwarfWriter().UInt32(kind).UInt32(0).UInt64(size).UInt64(1).Bytes(packed).ToArray();

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Optimal))
            stream.Write(content);

        return packed.ToArray();
    }
}
