using Osprey.Binary;

namespace Osprey.Tests.Binary;

/// <summary>Numbers of variable length (DWARF 5, section 7.6).</summary>
public sealed class Leb128Tests
{
    [Theory]
    [InlineData("00", 0UL)]
    [InlineData("7f", 0x7fUL)]
    [InlineData("8001", 0x80UL)]
    [InlineData("ff7f", 0x3fffUL)]
    [InlineData("808001", 0x4000UL)]
    [InlineData("8000", 0UL)]
    [InlineData("80808000", 0UL)]
    [InlineData("ffffffffffffffffff01", ulong.MaxValue)]
    [InlineData("ffffffffffffffffff8100", ulong.MaxValue)]
    public void ReadUleb128_Number_IsReadAloneAndBeforeMore(string digits, ulong expected)
    {
        byte[] bytes = Convert.FromHexString(digits);
        foreach (byte[] content in (byte[][])[bytes, [.. bytes, 0x85], [.. bytes, 0x05, 0x85, 0xff]])
        {
            var reader = new ByteReader(content, "test", 0);
            Assert.Equal((expected, (long)bytes.Length), (reader.ReadUleb128(), reader.Offset));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("ffff")]
    [InlineData("808080")]
    [InlineData("ffffffffffffffffff02")] // bit 64
    [InlineData("ffffffffffffffffff8101")]
    public void ReadUleb128_CutShortOrTooLarge_IsBadData(string digits) =>
        Assert.Throws<BadDataException>(() => new ByteReader(Convert.FromHexString(digits), "test", 0).ReadUleb128());

    [Fact]
    public void ReadUleb128_RandomNumbers_ComeBackInTheirOrder()
    {
        var random = new Random(128);
        ulong[] numbers = [.. Enumerable.Range(0, 5_000).Select(_ => (ulong)random.NextInt64() >> random.Next(64))];
        var bytes = new List<byte>();
        foreach (ulong number in numbers)
        {
            ulong rest = number;
            for (; rest >= 0x80; rest >>= 7)
                bytes.Add((byte)((rest & 0x7f) | 0x80));

            bytes.Add((byte)rest);
        }

        var reader = new ByteReader(bytes.ToArray(), "test", 0);
        foreach (ulong number in numbers)
            Assert.Equal(number, reader.ReadUleb128());

        Assert.True(reader.IsAtEnd);
    }
}
