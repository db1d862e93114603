using Osprey.Tests.Builders.Traces;

namespace Osprey.Tests.Traces.Formats;

/// <summary>Traces small enough to cut at every byte, with every kind of argument.</summary>
internal static class SmallTraces
{
    private static readonly BuiltTracepoint s_plain = new(0x40601000, "sched_wait");
    private static readonly BuiltTracepoint s_open = new(0x40601080, "vfs_open", "piI", "\"%s\" 0x%x 0%0o");
    private static readonly BuiltTracepoint s_packet = new(0x40601100, "net_packet_in", "i*", "proto=%d, data=%s");
    private static readonly BuiltTracepoint s_all = new(
        0x40601180,
        "all",
        "cbBhHiIqQ?fdPp*i",
        "%c%d%d%d%d%d%d%d%d%d%g%g%p%s%s%d"
    );

    /// <summary>The tracepoints of the traces.</summary>
    public static BuiltTracepoint[] Tracepoints => [s_plain, s_open, s_packet, s_all];

    /// <summary>The samples, in the order of time; CPU 0 and 1 in turn.</summary>
    public static BuiltSample[] Samples =>
        [
            new BuiltSample(s_plain) { Time = 100, Backtrace = [0x40331149, 0x40338825] },
            new BuiltSample(s_open)
            {
                Time = 200,
                Cpu = 1,
                ThreadName = "a16charactername",
                Arguments = ["/hello", 0, 420u],
            },
            new BuiltSample(s_packet) { Time = 300, Arguments = [9, "abc"u8.ToArray()] },
            new BuiltSample(s_all)
            {
                Time = 400,
                Cpu = 1,
                Backtrace = [1],
                Arguments =
                [
                    65,
                    -1,
                    255,
                    -2,
                    65535,
                    -3,
                    4_000_000_000u,
                    -4L,
                    ulong.MaxValue,
                    true,
                    1.5f,
                    2.5,
                    0xffff800000000000,
                    "text",
                    new byte[] { 1, 2, 3 },
                    7,
                ],
            },
            new BuiltSample(s_plain)
            {
                Time = 500,
                Thread = 0,
                ThreadName = "",
                Cpu = uint.MaxValue,
            },
        ];

    /// <summary>All samples as a tracefile.</summary>
    public static byte[] Tracefile(int version = 3)
    {
        var builder = new TracefileBuilder(version);
        foreach (BuiltTracepoint tracepoint in Tracepoints)
            builder.Define(tracepoint.Name, tracepoint.Signature, tracepoint.Format, tracepoint.Key);

        foreach (BuiltSample sample in Samples)
            builder.Add(sample);

        return builder.Build();
    }

    /// <summary>All samples as a dump of two CPUs, with symbols and modules.</summary>
    public static byte[] Dump() =>
        new OsvtBuilder()
            .Dictionary(null, Tracepoints)
            .Modules(true, ("/libsolaris.so", 0x1000, 0x500, [(".text", 0x10)]))
            .Symbols(("main", 0x1010, 0x20, "main.cc", [(0, 5), (4, -1)]))
            .Samples(Samples.Where((_, i) => i % 2 == 0))
            .Samples(Samples.Where((_, i) => i % 2 == 1))
            .Build();
}
