using Osprey.Guests.Modules;
using Osprey.Session.Answers.Guests.Tracepoints;
using Osprey.Session.Guests;
using Osprey.Session.Traces.Rings;
using Osprey.Target;
using Osprey.Traces;
using Osprey.Traces.Model;
using Osprey.Tracing.Tests.Rings;
using Osprey.Tracing.Tests.Sampling;

namespace Osprey.Tracing.Tests.Outside;

/// <summary>The rings of another process are read as a guest's are, while it runs and from its core file.</summary>
public sealed class ProcessTargetTests
{
    private const int Threads = 8;

    /// <summary>Rings of several sizes, down to one record; the writer is faster than the reader.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(4096)]
    [InlineData(65536)]
    [InlineData(1 << 20)]
    public async Task Rings_OfAProcessThatWrites_AreReadWholeOrCountedAsLost(int ringSize)
    {
        uint records = ConcurrentWritersTests.RecordsOfAThread;
        using var writer = WriterProcess.Start($"{Threads} {records} {ringSize} 2 2");
        using GuestSession session = Open(writer.Target);
        GuestRings rings = GuestRings.Of(session, startsAtNewest: false, CancellationToken.None);
        Assert.Equal(6, rings.Readers.Count); // two CPUs', two spare ones, two for records that come late
        var follower = new RingFollower(rings);
        var found = new NumberedRecords(rings.Tracepoints);

        writer.Begin();
        Task<(long Written, long Overwritten, long Dropped)> end = Task.Run(writer.ReadTotals);
        while (!end.IsCompleted)
            follower.ReadRound(found.Take, isFlush: true);

        follower.ReadRound(found.Take, isFlush: true);
        follower.Finish(found.Take);
        (long written, _, long dropped) = await end;
        Assert.Equal(dropped, rings.Dropped); // also what was dropped since the rings were found
        Assert.True(found.Read > 0);
        // Records of other sizes are rare: where a ring holds none of them, the count is exact.
        if (ringSize == 64)
        {
            Assert.Equal(written, found.Read + (found.LostBytes / 64));
            Assert.NotEqual(0, found.LostBytes);
        }
        else
        {
            Assert.InRange(found.Read + (found.LostBytes / 64), written, written * 101 / 100);
        }

        // A record with a backtrace fits in no page of 64 or 128 bytes.
        long said = 1 + (Threads * (records / 1024));
        Assert.InRange(written + dropped, Threads * records, (Threads * records) + said);
    }

    [Fact]
    public void Extract_OfAProcess_HasItsRecordsAndTheNamesOfItsMethods()
    {
        using var writer = WriterProcess.Start("1 3000");
        writer.Begin();
        (long written, _, _) = writer.ReadTotals();
        using GuestSession session = Open(writer.Target);
        using ExtractedTrace trace = ExtractedTrace.Create(session);

        Assert.Equal(written, trace.Result.Samples);
        Assert.Empty(trace.Result.Defects);
        Assert.InRange(trace.Result.Named, 1, trace.Result.Addresses);
        Assert.Contains(
            "Osprey.Tracing.Writer.Program::Write(",
            System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(trace.Path)),
            StringComparison.Ordinal
        );
        Assert.Equal(
            [("numbered", true, false, 3000L), ("said", true, true, 3L)],
            TracepointsAnswer
                .Ask(session, CancellationToken.None)
                .Items.Select(item => (item.Name, item.IsLogging, item.WithBacktrace, item.Samples ?? -1))
        );
    }

    [SamplerFact]
    public void Sampler_OfTheEnvironment_IsReadFromOutside()
    {
        using var writer = WriterProcess.Start("1 5000000", sampler: "1000");
        using GuestSession session = Open(writer.Target);
        long start = Environment.TickCount64;
        while (!HasTick(session) && Environment.TickCount64 - start < 30_000)
            Thread.Sleep(10);
        writer.Begin();
        writer.ReadTotals();
        Assert.True(HasTick(session));

        using ExtractedTrace trace = ExtractedTrace.Create(session);
        using TraceFile file = TraceFile.Open(trace.Path);
        int samples = 0;
        foreach (TraceEvent sample in file)
        {
            if (file.Tracepoints[sample.Tracepoint].Name == "sampler_tick" && sample.HasBacktrace)
                samples++;
        }

        Assert.NotEqual(0, samples);
    }

    [Fact]
    public void Names_WhereKilledProgramsLeftTheirPorts_AreFound()
    {
        using var writer = WriterProcess.Start("1 3000");
        string[] left =
        [
            .. Enumerable
                .Range(0, 10)
                .Select(i => Path.Combine(Path.GetTempPath(), $"dotnet-diagnostic-{writer.Id}-{i}-socket")),
        ];
        try
        {
            foreach (string path in left)
                File.WriteAllText(path, ""); // refuses connections as the socket of a program that was killed does

            AssertHasNames(writer);
        }
        finally
        {
            foreach (string path in left)
                File.Delete(path);
        }
    }

    [Fact]
    public void Names_OfAProcessThatWritesItsPerfMap_AreReadFromItAndItStays()
    {
        using var writer = WriterProcess.Start("1 3000", writesPerfMap: true);
        string map = Path.Combine(Path.GetTempPath(), $"perf-{writer.Id}.map");
        try
        {
            Assert.True(File.Exists(map));
            AssertHasNames(writer);
            Assert.True(File.Exists(map));
        }
        finally
        {
            writer.Kill();
            File.Delete(map);
            File.Delete(Path.Combine(Path.GetTempPath(), $"perfinfo-{writer.Id}.map"));
        }
    }

    private static void AssertHasNames(WriterProcess writer)
    {
        writer.Begin();
        writer.ReadTotals();
        using GuestSession session = Open(writer.Target);
        using ExtractedTrace trace = ExtractedTrace.Create(session);
        Assert.InRange(trace.Result.Named, 1, trace.Result.Addresses);
        Assert.DoesNotContain(session.Notes, note => note.Contains("has no names", StringComparison.Ordinal));
    }

    [Fact]
    public void Modules_OfAProcess_AreItsFilesEachWithItsOwnPlace()
    {
        using var writer = WriterProcess.Start("1 10");
        using GuestSession session = Open(writer.Target);
        ulong end = 0;
        foreach (GuestObject loaded in session.ListModules().Select(file => file.Loaded))
        {
            // The runtime maps some files twice, with others between.
            Assert.True(loaded.Start >= end && loaded.End > loaded.Start, loaded.Path);
            end = loaded.End;
        }

        Assert.Contains(session.ListModules(), file => Path.GetFileName(file.Loaded.Path) == "libcoreclr.so");
    }

    [Fact]
    public void CoreFile_OfAProcessThatAborted_HasItsRings()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("osprey-core");
        try
        {
            using var writer = WriterProcess.Start("2 3000", folder.FullName);
            writer.Begin();
            (long written, _, _) = writer.ReadTotals();
            writer.Abort();
            using GuestSession session = Open("core:" + Path.Combine(folder.FullName, "core"));
            using ExtractedTrace trace = ExtractedTrace.Create(session);
            Assert.Equal(written, trace.Result.Samples);
            Assert.Equal(0, trace.Result.Named);
            Assert.Contains("a core file of a process does not say the names of compiled code", session.Notes);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    /// <summary>It is killed while eight threads write: what was whole is read, and nothing else.</summary>
    [Fact]
    public void CoreFile_OfAProcessThatIsKilledInTheMiddle_HasWholeRecordsInOrder()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("osprey-core");
        try
        {
            using var writer = WriterProcess.Start($"{Threads} 1000000000 65536 2 2", folder.FullName);
            writer.Begin();
            Thread.Sleep(200);
            writer.Abort();
            using GuestSession session = Open("core:" + Path.Combine(folder.FullName, "core"));
            GuestRings rings = GuestRings.Of(session, startsAtNewest: false, CancellationToken.None);
            var follower = new RingFollower(rings);
            var found = new NumberedRecords(rings.Tracepoints);
            follower.ReadRound(found.Take, isFlush: true);
            follower.Finish(found.Take);
            Assert.InRange(found.Read, 1000, 6 * 1024); // at most 1024 records of 64 bytes a ring
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public void Extract_OfAsyncMethods_NamesTheirLogicalCallers()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("osprey-core");
        try
        {
            using var writer = WriterProcess.Start("1 10", folder.FullName, followsAsync: true);
            writer.Begin();
            writer.ReadTotals();
            using (GuestSession session = Open(writer.Target))
                AssertHasLogicalCaller(session);

            // The names are in the program's memory, and so in its core file.
            writer.Abort();
            using GuestSession core = Open("core:" + Path.Combine(folder.FullName, "core"));
            AssertHasLogicalCaller(core);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static void AssertHasLogicalCaller(GuestSession session)
    {
        using ExtractedTrace trace = ExtractedTrace.Create(session);
        Assert.Contains(
            "[async] Osprey.Tracing.Writer.Program+<AwaitAsync>d__",
            System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(trace.Path)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Follow_OfAProcessThatIsKilled_SaysSo()
    {
        using var writer = WriterProcess.Start("1 1000000000");
        using GuestSession session = Open(writer.Target);
        var samples = new LiveSamples(GuestRings.Of(session, startsAtNewest: false, CancellationToken.None));
        writer.Begin();
        long count = 0;
        var problem = Assert.Throws<TargetException>(() =>
            samples.Follow(
                TimeSpan.FromSeconds(60),
                (in _) =>
                {
                    if (++count == 1000)
                        writer.Kill();
                },
                _ => { },
                null,
                CancellationToken.None
            )
        );
        Assert.Equal(TargetProblem.GuestEnded, problem.Problem);
        Assert.Equal($"process {writer.Id} (dotnet) ended", problem.Message);
    }

    [Theory]
    [InlineData("process:999999999", "there is no process 999999999")]
    [InlineData("process:web", "'web' is no process id")]
    public void Open_OfNoProcess_SaysSo(string target, string message)
    {
        var problem = Assert.Throws<TargetException>(() => Open(target));
        Assert.Equal(TargetProblem.NoSuchProgram, problem.Problem);
        Assert.Equal(message, problem.Message);
    }

    [Fact]
    public void Rings_OfAProcessWithoutTracepoints_AreNotThere()
    {
        using var process = System.Diagnostics.Process.Start("sleep", "60");
        try
        {
            using GuestSession session = Open($"process:{process.Id}");
            Assert.Contains(
                "has no tracepoints",
                Assert.Throws<TargetException>(() => session.Os).Message,
                StringComparison.Ordinal
            );
        }
        finally
        {
            process.Kill();
        }
    }

    private static bool HasTick(GuestSession session) =>
        TracepointsAnswer
            .Ask(session, CancellationToken.None)
            .Items.Any(item => item is { Name: "sampler_tick", IsLogging: true, WithBacktrace: true });

    private static GuestSession Open(string target) =>
        GuestSession.Open(new GuestSettings { Target = TargetSpec.Parse(target) });
}
