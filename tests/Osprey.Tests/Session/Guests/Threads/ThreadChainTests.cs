using Osprey.Session.Answers.Guests.Locks;
using Osprey.Session.Answers.Guests.Threads;

namespace Osprey.Tests.Session.Guests.Threads;

/// <summary>Threads that wait for threads.</summary>
public sealed class ThreadChainTests
{
    private static readonly ThreadChain s_chain = new(MadeThreads.All);

    [Theory]
    [InlineData(1, "1")]
    [InlineData(7, "7 8 7")]
    [InlineData(9, "9 8 7 8")]
    [InlineData(10, "10")]
    public void Follow_FromAThread_EndsWhereItComesBack(ulong id, string expected) =>
        Assert.Equal(expected, string.Join(' ', s_chain.Follow(Find(id)).Select(row => row.State.Id)));

    [Fact]
    public void FindCircles_OfTwoThatWaitForEachOther_IsOne()
    {
        Assert.Equal(
            "deadlock: thread 7 (a) waits for mutex 0x6010, held by thread 8, in first_then_second(int) (app.cc:20); "
                + "thread 8 (b) waits for mutex 0x6000, held by thread 7, in second_then_first(int) (app.cc:20)",
            ThreadChain.DescribeCircle(Assert.Single(s_chain.FindCircles()))
        );
        Assert.Empty(s_chain.FindCircle(Find(9)));
    }

    private static ThreadRow Find(ulong id) => MadeThreads.All.First(row => row.State.Id == id);

    [Fact]
    public void FindCircles_OfThreadsThatRanSince_IsNone()
    {
        Assert.Empty(new ThreadChain(MadeThreads.All, row => row.State.Id == 8).FindCircles());
        Assert.Single(new ThreadChain(MadeThreads.All, row => row.State.Id == 9).FindCircles());
    }
}
