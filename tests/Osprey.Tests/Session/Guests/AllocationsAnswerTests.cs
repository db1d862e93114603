using Osprey.Guests.Memory;
using Osprey.Session.Answers.Guests.Allocations;

namespace Osprey.Tests.Session.Guests;

/// <summary>The choice among the calls that allocated a guest's memory.</summary>
public sealed class AllocationsAnswerTests
{
    private static readonly GuestAllocationList s_list = new(
        [
            new(0x1000, 100, 1, 0),
            new(0x2000, 16, 2, 1),
            new(0x3000, 16, 7, 1),
            new(0x4000, 500, 3, 2),
            new(0x5000, 16, 8, 1),
        ],
        [
            [0x40001000],
            [0x40002000],
            [0x40003000],
            [0x40004000],
        ],
        8,
        true,
        []
    );

    [Theory]
    [InlineData(0UL, 0UL, "2: 500 in 1, 0: 100 in 1, 1: 48 in 3")]
    [InlineData(2UL, 0UL, "2: 500 in 1, 1: 32 in 2")]
    [InlineData(3UL, 0UL, "1: 32 in 2")]
    [InlineData(8UL, 0UL, "")]
    [InlineData(0UL, 100UL, "2: 500 in 1, 0: 100 in 1")]
    [InlineData(2UL, 100UL, "2: 500 in 1")]
    public void Choose_CountsWhatIsAskedFor(ulong after, ulong minBytes, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ", ",
                AllocationsAnswer
                    .Choose(s_list, new AllocationQuery(after, minBytes))
                    .Select(item => $"{item.Chain}: {item.Sizes.Sum} in {item.Sizes.Count}")
            )
        );
}
