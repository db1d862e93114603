using Osprey.Session.Answers.Guests.Threads;

namespace Osprey.Tests.Session.Guests.Threads;

/// <summary>The choice and the order of threads.</summary>
public sealed class ThreadQueryTests
{
    [Fact]
    public void Choose_ByEachMeans_GivesThoseThreads()
    {
        Assert.Equal("1 7 8 9 10 11", Choose(new ThreadQuery()));
        Assert.Equal("1 10", Choose(new ThreadQuery { Names = ["idle?", "re*"] }));
        Assert.Equal("7 8 9", Choose(new ThreadQuery { States = ["WAITING"] }));
        Assert.Equal("8 9 10", Choose(new ThreadQuery { Cpu = 1 }));
        Assert.Equal("", Choose(new ThreadQuery { Names = ["none"] }));
        Assert.Equal("10 9 8 7 1 11", Choose(new ThreadQuery { Order = ThreadOrder.CpuTime }));
        Assert.Equal("1 7 8 9 10 11", Choose(new ThreadQuery { Order = ThreadOrder.Since }));
        Assert.Equal("11 7 8 9 1 10", Choose(new ThreadQuery { Order = ThreadOrder.Name }));
        Assert.Equal("1 7 8 9 10 11", Choose(new ThreadQuery { Order = ThreadOrder.Cpu }));
        Assert.Equal("10 1 11 7 8 9", Choose(new ThreadQuery { Order = ThreadOrder.State }));
    }

    [Fact]
    public void Choose_ByNumberOrAddress_GivesThoseThreads()
    {
        Assert.Equal("7 10", Choose(new ThreadQuery { Names = ["7", "re*"] }));
        string address = $"0x{MadeThreads.All[2].State.Address:x}";
        Assert.Equal($"{MadeThreads.All[2].State.Id}", Choose(new ThreadQuery { Names = [address] }));
    }

    [Fact]
    public void Unmatched_Parts_AreNamedWithWhatThereIs()
    {
        Assert.Empty(
            Describe(
                new ThreadQuery
                {
                    Names = ["idle?", "7"],
                    States = ["waiting"],
                    Cpu = 1,
                }
            )
        );
        Assert.Equal(
            [
                "no thread has the name or number 'none'",
                "no thread has the name or number '99'",
                "no thread is in the state 'Q': there are waiting, queued, running, unstarted",
                "no thread runs on CPU 9 or ran there last: they did on 0, 1",
            ],
            Describe(
                new ThreadQuery
                {
                    Names = ["none", "re*", "99"],
                    States = ["Q"],
                    Cpu = 9,
                }
            )
        );

        static IEnumerable<string> Describe(ThreadQuery query) =>
            UnmatchedThreads.Describe(query, [.. MadeThreads.All.Select(row => row.State)]);
    }

    private static string Choose(ThreadQuery query) =>
        string.Join(' ', query.Choose(MadeThreads.All.Select(row => row.State)).Select(thread => thread.Id));
}
