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

    private static string Choose(ThreadQuery query) =>
        string.Join(' ', query.Choose(MadeThreads.All.Select(row => row.State)).Select(thread => thread.Id));
}
