using Osprey.Tests.Builders.Traces;

namespace Osprey.Tests.Cli.Trace;

/// <summary>
/// The traces that the description of the commands takes its examples from. Stacks are shown one less than stored.
/// </summary>
internal static class SampleTraces
{
    private const ulong Init = 0xffff800000a01040;
    private const ulong Worker = 0xffff800000b02040;

    /// <summary>A few samples of several kinds, one of them from before there were threads.</summary>
    public static TracefileBuilder Listing()
    {
        var builder = new TracefileBuilder();
        BuiltTracepoint wake = builder.Define("sched_wake", "P", "wake %p");
        BuiltTracepoint open = builder.Define("vfs_open", "piI", "\"%s\" 0x%x 0%0o");
        BuiltTracepoint opened = builder.Define("vfs_open_ret", "i", "%d");
        BuiltTracepoint failed = builder.Define("vfs_open_err", "i", "%d");
        BuiltTracepoint odd = builder.Define("odd", "i", "%d of %s");
        BuiltTracepoint early = builder.Define("early_boot_with_a_long_name");
        return builder
            .Add(
                new BuiltSample(early)
                {
                    Thread = 0,
                    ThreadName = "",
                    Cpu = uint.MaxValue,
                }
            )
            .Add(Wait("sched_wait", 1_001_000, Init, 0, 0x1001, 0x2001, 0x3001))
            .Add(
                new BuiltSample(wake)
                {
                    Thread = Worker,
                    ThreadName = "worker",
                    Cpu = 1,
                    Time = 1_500_000,
                    Arguments = [Init],
                }
            )
            .Add(Wait("sched_wait_ret", 1_501_000, Init, 0))
            .Add(
                new BuiltSample(open)
                {
                    Thread = Init,
                    ThreadName = ">init",
                    Time = 1_600_000,
                    Arguments = ["/usr/lib/fs", 0, 0u],
                }
            )
            .Add(
                new BuiltSample(failed)
                {
                    Thread = Init,
                    ThreadName = ">init",
                    Time = 2_000_000,
                    Arguments = [2],
                }
            )
            .Add(
                new BuiltSample(open)
                {
                    Thread = Init,
                    ThreadName = ">init",
                    Time = 2_100_000,
                    Backtrace = [0x1001],
                    Arguments = ["/etc/hosts", 2, 420u],
                }
            )
            .Add(
                new BuiltSample(opened)
                {
                    Thread = Init,
                    ThreadName = ">init",
                    Time = 2_200_500,
                    Arguments = [3],
                }
            )
            .Add(
                new BuiltSample(odd)
                {
                    Thread = Init,
                    ThreadName = ">init",
                    Time = 2_300_000,
                    Arguments = [5],
                }
            )
            .Add(Wait("sched_wait", 2_400_000, Worker, 1));

        BuiltSample Wait(string name, ulong time, ulong thread, uint cpu, params ulong[] backtrace) =>
            new(builder.Find(name))
            {
                Thread = thread,
                ThreadName = thread == Init ? ">init" : "worker",
                Time = time,
                Cpu = cpu,
                Backtrace = backtrace,
            };
    }

    /// <summary>Waits of two threads, 5.5 ms in all.</summary>
    public static TracefileBuilder Waits()
    {
        var builder = new TracefileBuilder();
        Add("sched_wait_ret", 500_000, Init, 0);
        Add("sched_wait", 1_001_000, Init, 0, 0x1001, 0x2001, 0x3001);
        Add("sched_wait_ret", 1_501_000, Init, 0);
        Add("sched_wait", 2_000_100, Worker, 1, 0x1001, 0x2001, 0x4001);
        Add("sched_wait", 3_000_000, Init, 0, 0x1001, 0x5001);
        Add("sched_wait_ret", 5_000_000, Init, 0);
        Add("sched_wait_ret", 5_000_100, Worker, 1);
        return builder;

        void Add(string name, ulong time, ulong thread, uint cpu, params ulong[] backtrace) =>
            builder.Add(
                new BuiltSample(builder.Find(name))
                {
                    Thread = thread,
                    ThreadName = thread == Init ? ">init" : "worker",
                    Time = time,
                    Cpu = cpu,
                    Backtrace = backtrace,
                }
            );
    }

    /// <summary>Five samples with backtraces and one without.</summary>
    public static TracefileBuilder Hits() =>
        new TracefileBuilder()
            .Add("hit", 10, backtrace: [0x1001, 0x2001, 0x3001])
            .Add("hit", 20, cpu: 1, backtrace: [0x1001, 0x2001, 0x3001])
            .Add("hit", 30, thread: 2, backtrace: [0x1001, 0x2001, 0x4001])
            .Add("other", 40, backtrace: [0x1001, 0x2001])
            .Add("other", 50, backtrace: [0x5001])
            .Add("hit", 60);

    /// <summary>What threads wait for while two CPUs idle.</summary>
    public static TracefileBuilder Idle() =>
        new TracefileBuilder()
            .Add("sched_wait", 10, backtrace: [0x1001, 0x2001])
            .Add("sched_idle", 20)
            .Add("sched_idle_ret", 50)
            .Add("sched_wait_ret", 60)
            .Add("sched_wait", 70, backtrace: [0x1001, 0x3001])
            .Add("sched_idle", 80)
            .Add("sched_wait", 85, cpu: 1, thread: 2, backtrace: [0x9001])
            .Add("sched_idle", 100, cpu: 1);

    /// <summary>A thread that begins to wait on one CPU and goes on on the other.</summary>
    public static TracefileBuilder IdleWithMigration() =>
        new TracefileBuilder()
            .Add("sched_wait", 10, backtrace: [0x1001])
            .Add("sched_idle", 20)
            .Add("sched_wait_ret", 30, cpu: 1)
            .Add("sched_idle_ret", 50)
            .Add("sched_idle", 60)
            .Add("sched_idle_ret", 100);

    /// <summary>Seven allocations.</summary>
    public static TracefileBuilder Memory()
    {
        var builder = new TracefileBuilder();
        ulong time = 0;
        Define("mempool");
        Define("large");
        Define("page");
        Add("mempool", 40, 64, 16, [0x1001, 0x2001, 0x3001]);
        Add("mempool", 40, 64, 16, [0x1001, 0x2001, 0x3001]);
        Add("mempool", 40, 64, 16, [0x1001, 0x2001, 0x3001]);
        Add("mempool", 40, 64, 16, [0x1001, 0x2001, 0x4001]);
        Add("mempool", 10, 16, 16, []);
        Add("large", 5000, 8192, 4096, [0x6001, 0x7001]);
        Add("page", 4096, 4096, 4096, []);
        return builder;

        void Define(string allocator) =>
            builder.Define("memory_malloc_" + allocator, "PQQQ", "buf=%p, req_len=%d, alloc_len=%d, align=%d");

        void Add(string allocator, ulong requested, ulong allocated, ulong alignment, ulong[] backtrace) =>
            builder.Add(
                "memory_malloc_" + allocator,
                time += 10,
                backtrace: backtrace,
                arguments: [0xffff900000000000 + (time * 64), requested, allocated, alignment]
            );
    }

    /// <summary>Run queue lengths of three CPUs.</summary>
    public static TracefileBuilder Loads()
    {
        var builder = new TracefileBuilder();
        builder.Define("sched_load", "Q", "load=%d");
        return builder
            .Add("sched_load", 5_791_242_759, arguments: 3UL)
            .Add("sched_load", 5_791_269_467, cpu: 2, arguments: 1UL)
            .Add("sched_load", 5_791_316_507, cpu: 1, arguments: 12UL)
            .Add("sched_load", 5_791_400_000, arguments: 1000UL);
    }
}
