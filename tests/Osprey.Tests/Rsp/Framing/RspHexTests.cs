using Osprey.Rsp.Framing;

namespace Osprey.Tests.Rsp.Framing;

public sealed class RspHexTests
{
    /// <summary>Each length around those that are done at once, and each byte.</summary>
    [Fact]
    public void Encode_AnyBytes_GivesTheDigitsOfDotNet()
    {
        var random = new Random(1);
        for (int length = 0; length < 300; length++)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            if (length == 256)
                bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
            byte[] digits = new byte[(length * 2) + 1];
            digits[^1] = (byte)'!';

            RspHex.Encode(bytes, digits);

            Assert.Equal(Convert.ToHexStringLower(bytes) + "!", System.Text.Encoding.ASCII.GetString(digits));
        }
    }

    [Fact]
    public void Encode_WithoutRoom_Throws() =>
        Assert.ThrowsAny<ArgumentException>(() => RspHex.Encode([1, 2], new byte[3]));
}
