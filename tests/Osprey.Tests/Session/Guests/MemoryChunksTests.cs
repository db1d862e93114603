using Osprey.Session.Guests;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Session.Guests;

public class MemoryChunksTests
{
    [Theory]
    [InlineData(0xff0, 0x30, "ff0+10 no, 1000+20 yes")]
    [InlineData(0x2ff8, 0x1010, "2ff8+8 yes, 3000+1000 no, 4000+8 no")]
    [InlineData(0, 0x3000, "0+1000 no, 1000+2000 yes")]
    [InlineData(0xfffffffffffffff0, 0x100, "fffffffffffffff0+10 no")]
    [InlineData(0xffffffffffffffff, ulong.MaxValue, "ffffffffffffffff+1 no")]
    [InlineData(0x1000, 0, "")]
    public void Read_AnyRange_IsToldPieceByPiece(ulong address, ulong size, string expected)
    {
        var memory = new PhysicalReader(new FakeMemory().Add(0x1000, new byte[0x2000]));
        var pieces = new List<string>();
        MemoryChunks.Read(
            memory,
            address,
            size,
            (at, length, bytes) =>
            {
                Assert.True(bytes.IsEmpty || (ulong)bytes.Length == length);
                pieces.Add($"{at:x}+{length:x} {(bytes.IsEmpty ? "no" : "yes")}");
                return true;
            }
        );

        Assert.Equal(expected, string.Join(", ", pieces));
    }

    [Fact]
    public void Read_VisitorThatHasEnough_EndsIt()
    {
        int calls = 0;
        MemoryChunks.Read(new PhysicalReader(new FakeMemory()), 0, ulong.MaxValue, (_, _, _) => ++calls < 5);
        Assert.Equal(5, calls);
    }
}
