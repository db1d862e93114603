using Osprey.Guests.Osv.Threads;

namespace Osprey.Tests.Guests.Osv.Threads;

public sealed class OsvWaiterSetsTests
{
    [Fact]
    public void TryGet_QueueThatWasRead_KnowsWhoIsInIt()
    {
        var sets = new OsvWaiterSets();
        Assert.False(sets.TryGet(0x1000, (1, 2), 7, out _));
        sets.Add(0x1000, (1, 2), [7, 8]);
        Assert.True(sets.TryGet(0x1000, (1, 2), 7, out bool isIn));
        Assert.True(isIn);
        Assert.True(sets.TryGet(0x1000, (1, 2), 9, out isIn));
        Assert.False(isIn);
    }

    [Fact]
    public void TryGet_EndsThatMoved_MustBeReadAgain()
    {
        var sets = new OsvWaiterSets();
        sets.Add(0x1000, (1, 2), [7]);
        Assert.False(sets.TryGet(0x1000, (1, 3), 7, out bool isIn));
        Assert.False(isIn);
        Assert.False(sets.TryGet(0x2000, (1, 2), 7, out _));
        sets.Add(0x1000, (1, 3), []);
        Assert.True(sets.TryGet(0x1000, (1, 3), 7, out isIn));
        Assert.False(isIn);
    }
}
