using Osprey.Tests.Builders.Traces;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Trace;

public sealed class ProfileGoldenTests
{
    private const string Symbols = """
        0x1000 core/mempool.cc 356 malloc
        0x2000 fs/vfs.cc 900 sys_open
        0x3000 core/sched.cc <?> thread_main
        0x4000 core/sched.cc 5 void sched::thread::do_wait_until<a, b>(int)
        0x5000 include/osv/trace.hh 9 tracepoint<1>::operator()()

        """;

    [Fact]
    public void Prof_Hits_AreATree()
    {
        using var transcript = new TraceTranscript(SampleTraces.Hits());
        transcript
            .Both("prof -x")
            .Both("prof -x -r")
            .Both("prof -x --max-levels 1")
            .Both("prof -x --min-hits 2")
            .Both("prof -x --min-hits 30%")
            .Both("prof -x --min-hits 9")
            .Both("prof -x -t hit")
            .Both("prof -x -g cpu")
            .Both("prof -x -g thread")
            .Both("prof -x --min-hits %")
            .Native("prof -x --json");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void Prof_Symbols_NameAndCutFrames()
    {
        using var transcript = new TraceTranscript(SampleTraces.Hits(), Symbols);
        transcript
            .Both("prof -S")
            .Both("prof -LAFS")
            .Both("prof -S -r")
            .Both("prof -S --function sys_open")
            .Both("prof -S --function malloc")
            .Both("prof -S -r --function malloc")
            .Both("prof -S --function nobody")
            .Both("prof-flame -S");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void ProfFlame_Stacks_AreFolded()
    {
        using var transcript = new TraceTranscript(SampleTraces.Hits());
        transcript
            .Both("prof-flame -x")
            .Both("prof-flame -x --min-hits 2")
            .Both("prof-flame -x -t other")
            .Native("prof-flame -x --json");
        GoldenFile.Verify(transcript.Text);
    }

    /// <summary>The reference takes it and does nothing with it.</summary>
    [Fact]
    public void ProfFlame_MinDuration_IsTakenAsTheReferenceDoesOrExplained()
    {
        using var folder = new TraceFolder();
        folder.Write("trace", SampleTraces.Hits().Build());
        string[] command = ["trace", "prof-flame", "-x", folder.GetPath("trace")];

        string all = CommandRun.Of([.. command, "--compat"]).Text;
        CommandRun compat = CommandRun.Of([.. command, "--compat", "--min-duration", "1ms"]);
        CommandRun run = CommandRun.Of([.. command, "--min-duration", "1ms"]);

        Assert.NotEqual("", all);
        Assert.Equal((0, all, ""), (compat.ExitCode, compat.Text, compat.Messages));
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("osprey: --min-duration says nothing to prof-flame", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void ProfWait_Waits_AreATreeWithTime()
    {
        using var transcript = new TraceTranscript(SampleTraces.Waits());
        transcript
            .Both("prof-wait -x")
            .Both("prof-wait -x --since 0.0015 --period 1ms")
            .Both("prof-wait -x -g thread")
            .Both("prof-wait -x -g cpu --min-duration 2.9ms")
            .Both("prof-timed -x -t sched_wait --max-levels 1")
            .Native("prof-wait -x --json");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void Prof_TimeRange_IsHalfOpenAndMayBeginAtZero()
    {
        TracefileBuilder trace = new TracefileBuilder()
            .Add("hit", 0, backtrace: [0x1001])
            .Add("hit", 10, backtrace: [0x2001])
            .Add("hit", 20, backtrace: [0x3001])
            .Add("hit", 30, backtrace: [0x4001]);
        using var transcript = new TraceTranscript(trace);
        transcript
            .Both("prof -x --since 10ns --until 20ns")
            .Native("prof -x --since 0 --until 10ns")
            .Native("prof -x --since 0 --period 15")
            .Native("prof -x --until 20ns --period 10")
            .Native("prof -x --period 10")
            .Native("prof -x --period 10 --compat")
            .Native("prof -x --since 1 --until 2 --period 10");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void ProfWait_RangeThatIsOnlyTouched_CountsNothing()
    {
        TracefileBuilder trace = new TracefileBuilder()
            .Add("sched_wait_ret", 1)
            .Add("sched_wait", 10, backtrace: [0x1001])
            .Add("sched_wait_ret", 20)
            .Add("sched_wait", 30, backtrace: [0x2001])
            .Add("sched_wait_ret", 40);
        using var transcript = new TraceTranscript(trace);
        transcript
            .Both("prof-wait -x --since 20ns --until 30ns")
            .Both("prof-wait -x --since 15ns --until 35ns")
            .Both("prof-wait -x --since 10ns --until 20ns");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void Prof_BoundThatIsNoDouble_IsExactButForCompat()
    {
        TracefileBuilder trace = new TracefileBuilder()
            .Add("f_ret", 1)
            .Add("f", 2007, backtrace: [0x1001])
            .Add("f_ret", 4014);
        using var transcript = new TraceTranscript(trace);
        transcript
            .Both("prof -x --since 2.007us")
            .Both("prof-timed -x -t f --min-duration 2.007us")
            .Both("list --no-header --since 2.007us");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void ProfWait_Recursion_CountsEveryLevel()
    {
        TracefileBuilder trace = new TracefileBuilder()
            .Add("f", 10, backtrace: [0x1001])
            .Add("f", 20, backtrace: [0x1001, 0x1001])
            .Add("f_ret", 30)
            .Add("f_ret", 50);
        using var transcript = new TraceTranscript(trace);
        transcript.Both("prof-timed -x -t f").Both("list-timed -b -x").Both("summary --timed");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void ProfLock_Mutexes_AreATree()
    {
        var trace = new TracefileBuilder();
        trace.Define("mutex_lock_wait", "P", "%p");
        trace.Define("mutex_lock_wake", "P", "%p");
        trace
            .Add("mutex_lock_wait", 10, backtrace: [0x1001, 0x2001], arguments: 1UL)
            .Add("mutex_lock_wait", 15, thread: 2, backtrace: [0x1001, 0x3001], arguments: 1UL)
            .Add("mutex_lock_wake", 30, arguments: 1UL)
            .Add("mutex_lock_wake", 45, thread: 2, arguments: 1UL);
        using var transcript = new TraceTranscript(trace);
        transcript.Both("prof-lock -x").Both("prof-lock -x -r -g thread");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void ProfIdle_WaitingThreads_AreChargedForIdleTime()
    {
        using var transcript = new TraceTranscript(SampleTraces.Idle());
        transcript.Both("prof-idle -x").Both("prof-idle -x -g cpu");
        using var migration = new TraceTranscript(SampleTraces.IdleWithMigration());
        migration.Both("prof-idle -x");
        GoldenFile.Verify(transcript.Text + migration.Text);
    }

    [Fact]
    public void MemoryAnalyzer_Allocations_AreATree()
    {
        using var transcript = new TraceTranscript(SampleTraces.Memory());
        transcript
            .Both("memory-analyzer -x")
            .Both("memory-analyzer -x --no-backtrace -s count -g allocator")
            .Both("memory-analyzer -x --no-backtrace -s unused -g requested alignment")
            .Both("memory-analyzer -x -g --max-levels 2")
            .Both("memory-analyzer -x -g allocator --min-count 2 --min-hits 50%")
            .Both("memory-analyzer -x -g allocator --min-hits 4")
            .Native("memory-analyzer -x -g allocator --since 40ns")
            .Native("memory-analyzer -x -g allocator --json");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void MemoryAnalyzer_Malloc_IsLeftOut()
    {
        using var transcript = new TraceTranscript(SampleTraces.Memory(), Symbols);
        transcript.Both("memory-analyzer -S -g allocator");
        GoldenFile.Verify(transcript.Text);
    }
}
