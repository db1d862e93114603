using System.Text;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Traces.Rings.Top;
using Osprey.Target;
using Osprey.Tests.Builders.Traces;
using Osprey.Tests.Packets;
using Osprey.Tests.Traces.Rings;
using Osprey.Traces.Analyses;

namespace Osprey.Tests.Session.Traces.Rings;

/// <summary>Looks at what the tracepoints of built guests say.</summary>
public class GuestTopTests
{
    private const ulong Millisecond = 1_000_000;
    private const ulong Reader = 0x8000;
    private const ulong Writer = 0x9000;
    private const int ManyLooks = 1000;

    [Fact]
    public void Look_AtAGuestThatStandsStill_IsAPage()
    {
        GuestTop top = Create(BuildGuest());
        GoldenFile.Verify(string.Join('\n', TraceTopText.Describe(top.LookOnce(default))) + "\n");
    }

    [Fact]
    public void Look_AsJson_IsOneObject()
    {
        using var capture = new OutputCapture();
        using (var output = new Output(paged: false))
        {
            JsonAnswers.Write(output, TopLook.Shape, Create(BuildGuest(), most: 2).LookOnce(default));
            output.Flush();
        }

        GoldenFile.Verify(Encoding.UTF8.GetString(capture.Data.ToArray()));
    }

    [Fact]
    public void Look_WithAFilter_CountsWhatIsWantedOnly()
    {
        var filter = new SampleFilter([new NamePattern("vfs_*")], [], null);
        TopLook look = new GuestTop(BuildGuest().Open(), filter, 10, null).LookOnce(default);
        Assert.Equal(["vfs_read", "vfs_close"], look.Tracepoints.Select(row => row.Name));
        Assert.Equal(2, look.Tracepoints[0].Hits);
        Assert.Equal(10, look.Samples);
    }

    [Fact]
    public void Look_WhenThreadsCanNotBeListed_SaysSo()
    {
        var top = new GuestTop(
            BuildGuest().Open(),
            SampleFilter.None,
            10,
            (_, _) => throw new TargetException(TargetProblem.NotAnswered, "no list")
        );
        TopLook look = top.LookOnce(default);
        Assert.Equal(["what threads wait for is not known: no list"], look.Defects);
        Assert.All(look.Waits, row => Assert.Null(row.State));
    }

    [Fact]
    public void Look_AtAThreadThatHasEnded_ShowsTheNextOneInItsPlace()
    {
        // The last wait of a thread that ends never comes back. It is the longest one, and only one fits.
        BuiltRings guest = Tracepoints(new BuiltRings(cpus: 1));
        guest.Write(0, 1 * Millisecond, 0xdead, "ended", "sched_wait");
        guest.Write(0, 2 * Millisecond, Writer, "early name", "sched_wait");
        guest.Write(0, 3 * Millisecond, Reader, "reader", "vfs_close", 1);
        TopLook look = Create(guest, most: 1).LookOnce(default);
        Assert.Equal("12 (wri\u001bter)", Assert.Single(look.Waits).Label);
    }

    [Fact]
    public void Look_AtACallOfAThreadThatHadAnotherName_SaysTheOldNameAlone()
    {
        // It may be another thread, in the place of the one that made the call.
        BuiltRings guest = Tracepoints(new BuiltRings(cpus: 1));
        guest.Write(0, 1 * Millisecond, Reader, "reader", "vfs_read", 5, 64);
        guest.Write(0, 2 * Millisecond, Reader, "reader", "vfs_read_ret", 64);
        guest.Write(0, 3 * Millisecond, Writer, "before", "vfs_read", 5, 64);
        guest.Write(0, 5 * Millisecond, Writer, "before", "vfs_read_ret", 64);
        TopLook look = Create(guest).LookOnce(default);
        Assert.Equal(["before", "11 (reader)"], look.Slowest.Select(call => call.ThreadLabel));
    }

    [Fact]
    public void Look_AtCallsThatBeganBeforeARingDoes_DoesNotTakeThemForOpen()
    {
        // The ring of CPU 1 has wrapped: the end of what began on CPU 0 may have been in it.
        BuiltRings guest = Tracepoints(new BuiltRings(cpus: 2, ringSize: 1 << 13));
        guest.Write(0, 1 * Millisecond, Reader, "reader", "sched_wait");
        for (ulong i = 0; i < 400; i++)
            guest.Write(1, (2 + i) * Millisecond, Writer, "writer", "vfs_close", i);

        guest.Write(0, 500 * Millisecond, Reader, "reader", "vfs_read", 7, 8);
        TopLook look = Create(guest).LookOnce(default);
        Assert.Equal("vfs_read", Assert.Single(Assert.Single(look.Waits).Calls).Tracepoint);
        Assert.Empty(look.Lost);
    }

    [Fact]
    public void Look_AtAGuestThatRuns_CountsWhatCameSinceAndKnowsWhatBeganBefore()
    {
        BuiltRings guest = Tracepoints(new BuiltRings(cpus: 2));
        guest.Write(0, 100 * Millisecond, Reader, "reader", "vfs_read", 5, 64);
        guest.Write(1, 101 * Millisecond, Writer, "writer", "vfs_close", 9);
        GuestTop top = Create(guest);
        top.Begin(default);
        guest.Write(1, 200 * Millisecond, Writer, "writer", "vfs_close", 10);
        guest.Write(0, 300 * Millisecond, Reader, "reader", "vfs_read_ret", 64);

        var slowest = new List<TopCall>();
        var counts = new Dictionary<string, long>();
        for (int i = 0; i < ManyLooks && slowest.Count == 0; i++)
        {
            TopLook look = top.Look(TimeSpan.FromMilliseconds(1), default);
            slowest.AddRange(look.Slowest);
            foreach (TopTracepoint row in look.Tracepoints)
                counts[row.Name] = counts.GetValueOrDefault(row.Name) + row.Hits;
        }

        TopCall call = Assert.Single(slowest);
        Assert.Equal(("vfs_read", "5 0x40", "64"), (call.Tracepoint, call.Arguments, call.Result));
        Assert.Equal(200 * Millisecond, call.Duration);
        Assert.Equal(1, counts["vfs_close"]);
        Assert.Equal(0, counts["vfs_read"]);
    }

    [Fact]
    public void Look_WhenTheUserEnds_ShowsNothingMore()
    {
        GuestTop top = Create(BuildGuest());
        top.Begin(default);
        Assert.Throws<OperationCanceledException>(() =>
            top.Look(TimeSpan.FromDays(1), new CancellationToken(canceled: true))
        );
    }

    [RequiresProgramFact("gcc")]
    public void Looks_AtAProgramThatWrites_CountEachSampleOnce()
    {
        using var writer = new RingWriter(threads: 2, ringSize: 1 << 18, isMixed: false);
        writer.BeginWriting(1, 0);
        writer.WaitForDone();
        var top = new GuestTop(
            new Osprey.Session.Traces.Rings.GuestRings(writer.Find, writer.Read, startsAtNewest: false),
            SampleFilter.None,
            10,
            null
        );
        top.Begin(default);
        writer.BeginWriting(50_000, 200_000);
        ulong seen = 0;
        for (int i = 0; i < ManyLooks && seen < 100_000; i++)
        {
            TopLook look = top.Look(TimeSpan.FromMilliseconds(20), default);
            seen +=
                (ulong)look.Tracepoints.Sum(row => row.Hits)
                + look.Lost.Aggregate(0UL, (sum, lost) => sum + lost.Samples);
        }

        writer.WaitForDone();
        Assert.Equal(100_000UL, seen);
    }

    /// <summary>A guest with calls that ended, on one CPU or two, and calls that go on.</summary>
    private static BuiltRings BuildGuest() =>
        Tracepoints(new BuiltRings(cpus: 2))
            .Write(0, 1000 * Millisecond, Reader, "reader", "vfs_read", 5, 4096)
            .Write(1, 1001 * Millisecond, Writer, "writer", "vfs_close", 9)
            .Write(1, 1002 * Millisecond, Reader, "reader", "vfs_read_ret", 4096)
            .Write(0, 1003 * Millisecond, Writer, "writer", "sched_idle")
            .Write(1, 1100 * Millisecond, Writer, "wri\u001bter", "mutex_lock_wait", 0xabcd)
            .Write(1, 1100 * Millisecond, Writer, "wri\u001bter", "sched_wait")
            .Write(0, 1200 * Millisecond, Reader, "reader", "vfs_read", 6, 1)
            .Write(0, 1203 * Millisecond, Reader, "reader", "vfs_read_err", 5)
            .Write(0, 1204 * Millisecond, Reader, "reader", "mutex_lock_wait", 0xef00)
            .Write(0, 2000 * Millisecond, 0xa000, "ticker", "tick", 1);

    private static BuiltRings Tracepoints(BuiltRings rings) =>
        rings
            .AddTracepoint("vfs_read", "%d 0x%x", 2)
            .AddTracepoint("vfs_read_ret", "%d", 1)
            .AddTracepoint("vfs_read_err", "%d", 1)
            .AddTracepoint("vfs_close", "%d", 1)
            .AddTracepoint("mutex_lock_wait", "%x", 1)
            .AddTracepoint("mutex_lock_wake", "%x", 1)
            .AddTracepoint("sched_wait")
            .AddTracepoint("sched_wait_ret")
            .AddTracepoint("sched_idle")
            .AddTracepoint("sched_idle_ret")
            .AddTracepoint("tick", "%d", 1);

    private static GuestTop Create(BuiltRings guest, int most = 10) =>
        new(guest.Open(), SampleFilter.None, most, FindThreads);

    /// <summary>The guest's scheduler: it knows one thread that waits, and one that runs.</summary>
    private static ThreadsAnswer FindThreads(IReadOnlySet<ulong> asked, CancellationToken cancellation)
    {
        ThreadRow[] all =
        [
            new(
                new GuestThreadState(12, Writer, "wri\u001bter", "waiting") { IsWaiting = true },
                null,
                new GuestWait(GuestWaitKind.Mutex, "mutex 0xabcd, held by thread 11 (reader)")
                {
                    Object = 0xabcd,
                    Owner = 11,
                }
            ),
            new(new GuestThreadState(11, Reader, "reader", "running"), null, null),
        ];
        ThreadRow[] found = [.. all.Where(row => asked.Contains(row.State.Address))];
        return new ThreadsAnswer(found, new GuestThreadList([.. all.Select(row => row.State)], [], null), []);
    }
}
