using System.Text;
using Osprey.Binary.Compression;

namespace Osprey.Tests.Binary.Compression;

/// <summary>Each form of instruction, made by hand, and inputs that lie.</summary>
public class LzoTests
{
    private const string Letters = "17616263646566"; // 6 literals
    private const string End = "110000";

    [Theory]
    [InlineData(Letters + End, "abcdef")]
    [InlineData("03616263646566" + End, "abcdef")] // a run of 3 + 3
    [InlineData(Letters + "5400" + End, "abcdefabc")] // 3 bytes from 6
    [InlineData(Letters + "f400" + End, "abcdefabcdefab")] // 8 bytes from 6, over its own end
    [InlineData(Letters + "23150079" + End, "abcdefabcdey")] // 5 bytes from 6, one literal
    [InlineData("1361620400" + End, "abab")] // 2 literals, 2 bytes from 2
    public void TryUnpack_EachForm_Unpacks(string packed, string expected)
    {
        byte[] output = new byte[64];

        Assert.True(Lzo.TryUnpack(Convert.FromHexString(packed), output, out int size));
        Assert.Equal(expected, Encoding.ASCII.GetString(output, 0, size));
        for (int length = 0; length < packed.Length / 2; length++)
            Assert.False(Lzo.TryUnpack(Convert.FromHexString(packed).AsSpan(0, length), output, out _));

        Assert.False(Lzo.TryUnpack(Convert.FromHexString(packed + "00"), output, out _));
        Assert.False(Lzo.TryUnpack(Convert.FromHexString(packed), output.AsSpan(0, size - 1), out _));
    }

    [Fact]
    public void TryUnpack_MatchesFarAway_Unpacks()
    {
        byte[] literals = new byte[17_000];
        new Random(3).NextBytes(literals);
        byte[] packed =
        [
            0,
            .. new byte[66],
            152, // 18 + 66 * 255 + 152 literals
            .. literals,
            0,
            0, // 3 bytes from 2,049
            0x12,
            0x90,
            1, // 4 bytes from 16,484
            .. Convert.FromHexString(End),
        ];
        byte[] output = new byte[17_007];

        Assert.True(Lzo.TryUnpack(packed, output, out int size));
        Assert.Equal(17_007, size);
        Assert.Equal([.. literals, .. literals[14_951..14_954], .. literals[519..523]], output);
    }

    [Theory]
    [InlineData(Letters + "5800" + End)] // 3 bytes from 7
    [InlineData(Letters + "20000000000000" + End)] // a length without an end
    [InlineData("ff61" + End)] // more literals than there are
    public void TryUnpack_InputThatLies_IsRefused(string packed) =>
        Assert.False(Lzo.TryUnpack(Convert.FromHexString(packed), new byte[64], out _));
}
