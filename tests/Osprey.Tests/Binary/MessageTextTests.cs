using Osprey.Binary;

namespace Osprey.Tests.Binary;

public sealed class MessageTextTests
{
    [Fact]
    public void BadData_ControlCharactersAndLength_AreHarmless()
    {
        string problem = "a \x1b[31m\x07\u202e" + new string('x', 150_000);

        var exception = new BadDataException("file\n", 16, problem);

        Assert.StartsWith("file\\x0a+0x10: a \\x1b[31m\\x07\\u202exxx", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("x...", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.Message.Length < 2100, $"{exception.Message.Length} characters");
    }

    [Theory]
    [InlineData("short", "short")]
    [InlineData("\t", "\\x09")]
    public void Shorten_Piece_IsEscaped(string text, string expected) =>
        Assert.Equal(expected, MessageText.Shorten(text));

    [Fact]
    public void Shorten_LongPiece_IsCutBetweenCharacters()
    {
        string text = string.Concat(Enumerable.Repeat("\U0001f600", 200));

        Assert.Equal(string.Concat(Enumerable.Repeat("\U0001f600", 48)) + "...", MessageText.Shorten(text));
    }
}
