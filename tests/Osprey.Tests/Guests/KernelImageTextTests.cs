using System.Text;
using Osprey.Guests;

namespace Osprey.Tests.Guests;

public class KernelImageTextTests
{
    private const int Chunk = 1 << 20;

    /// <summary>Around the seam of two chunks the text is whole wherever it begins.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(Chunk - 300)]
    [InlineData(Chunk - 6)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 245)]
    [InlineData(Chunk + 255)]
    [InlineData((2 * Chunk) - 3)]
    public void Find_AnywhereInTheImage_GivesTheWholeText(int offset)
    {
        byte[] image = new byte[3 * Chunk];
        Encoding.ASCII.GetBytes("mark:1234567890 and more\n").CopyTo(image, offset);
        Assert.Equal("1234567890 and more", Find(image, image.Length));
    }

    [Fact]
    public void Find_SeveralTexts_GivesTheFirstThatIsAccepted()
    {
        byte[] image = new byte[Chunk];
        Encoding.ASCII.GetBytes("mark:%s\0mark:\0mark:mark:7\0mark:8").CopyTo(image, 100);
        Assert.Equal("7", Find(image, image.Length));
    }

    [Fact]
    public void Find_LongText_IsCutOff()
    {
        byte[] image = new byte[Chunk];
        Array.Fill(image, (byte)'1');
        "mark:"u8.CopyTo(image);
        Assert.Equal(new string('1', 256), Find(image, image.Length));
    }

    [Fact]
    public void Find_NothingReadableInOneChunk_GoesOnWithTheNext()
    {
        byte[] image = new byte[2 * Chunk];
        "mark:5"u8.CopyTo(image.AsSpan(Chunk + 10));
        Assert.Equal(
            "5",
            KernelImageText.Find(
                (offset, buffer) => offset < Chunk ? 0 : Copy(image, offset, buffer),
                image.Length,
                "mark:"u8,
                IsNumber
            )
        );
        Assert.Null(Find(image, 0));
        Assert.Null(Find(image, Chunk));
    }

    private static string? Find(byte[] image, long size) =>
        KernelImageText.Find((offset, buffer) => Copy(image, offset, buffer), size, "mark:"u8, IsNumber);

    private static bool IsNumber(string text) => text.Length > 0 && char.IsAsciiDigit(text[0]);

    private static int Copy(byte[] image, long offset, Span<byte> buffer)
    {
        ReadOnlySpan<byte> rest = image.AsSpan((int)Math.Min(offset, image.Length));
        rest = rest[..Math.Min(rest.Length, buffer.Length)];
        rest.CopyTo(buffer);
        return rest.Length;
    }
}
