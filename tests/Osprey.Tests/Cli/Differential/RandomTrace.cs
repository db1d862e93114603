using Osprey.Tests.Builders.Traces;

namespace Osprey.Tests.Cli.Differential;

/// <summary>
/// A trace of random samples: CPUs that start at different times, equal times, time 0, and names that mislead.
/// </summary>
internal sealed class RandomTrace
{
    /// <summary>Functions that backtraces go through, by return address.</summary>
    public static readonly (ulong Address, string Symbol)[] Frames =
    [
        (0x40001000, "core/mempool.cc 356 malloc"),
        (0x40002000, "core/mutex.cc 12 mutex::lock()"),
        (0x40003000, "include/osv/trace.hh 99 tracepoint<1>::operator()()"),
        (0x40004000, "core/sched.cc <?> thread_main"),
        (0x40005000, "core/sched.cc 77 thread_main_c"),
        (0x40006000, "std/function 8 _M_invoke"),
        (0x40007000, "core/sched.cc 5 void sched::thread::do_wait_until<a, b>(int)"),
        (0x40008000, "fs/vfs.cc 900 sys_open"),
        (0x40009000, "fs/vfs.cc 901 sys_open"),
        (0x4000a000, "core/trace.cc 1 log"),
        (0x4000b000, "core/trace.cc 2 trace_slow_path"),
        (0x4000c000, "core/trace.cc 3 operator()"),
        (0x4000d000, "core/trace.cc 4 _FUN"),
        (0x4000e000, "core/trace.cc 5 tracepoint_base::log_backtrace(trace_record*, unsigned char*&)"),
        (0x4000f000, "None <?> main"),
        (0x40010000, ""),
        (0x40011000, ""),
    ];

    private static readonly (string Name, string Signature, string Format)[] s_kinds =
    [
        ("sched_wait", "", ""),
        ("sched_wait_ret", "", ""),
        ("sched_wake", "P", "wake %p"),
        ("sched_load", "Q", "load=%d"),
        ("sched_idle", "", ""),
        ("sched_idle_ret", "", ""),
        ("mutex_lock_wait", "P", "%p"),
        ("mutex_lock_wake", "P", "%p"),
        ("memory_malloc_mempool", "PQQQ", "buf=%p, req_len=%d, alloc_len=%d, align=%d"),
        ("memory_malloc_large", "PQQQ", "buf=%p, req_len=%d, alloc_len=%d, align=%d"),
        ("memory_malloc_page", "PQQQ", "buf=%p, req_len=%d, alloc_len=%d, align=%d"),
        ("vfs_open", "piI", "\"%s\" 0x%x 0%0o"),
        ("vfs_open_ret", "i", "%d"),
        ("vfs_open_err", "i", "%d"),
        ("callout_thread", "", "x"),
        ("callout_thread_retry", "i", "%x"),
        ("x", "b?", "%d %d"),
        ("x_ret_y", "hH", "%5d|%-5u"),
        ("x_ret_ret", "", ""),
        ("x_ret", "", ""),
        ("_ret", "q", "%ld"),
        ("blob", "i*", "proto=%d, data=%s"),
        ("access_scanner", "IId", "scanned=%u, cleared=%u, %%cpu=%g"),
        ("tcp_output_error", "p", "%s"),
        ("tcp_output", "f", "%g"),
        ("tcp_state", "Pii", "tp=%p, %d -> %d"),
    ];

    private readonly Random _random;
    private readonly List<BuiltTracepoint> _tracepoints = [];
    private readonly HashSet<(ulong, string)> _open = [];
    private readonly HashSet<string> _ended = [];
    private readonly bool _nests;

    public RandomTrace(int seed)
    {
        _random = new Random(seed);
        _nests = _random.Next(8) == 0;
        foreach ((string name, string signature, string format) in s_kinds)
        {
            if (_random.Next(10) == 0)
                continue;

            _tracepoints.Add(
                new BuiltTracepoint(0x40600000 + (0x80 * (ulong)_tracepoints.Count), name, signature, format)
            );
            if (_random.Next(20) == 0)
                _tracepoints.Add(_tracepoints[^1] with { Key = 0x40600000 + (0x80 * (ulong)_tracepoints.Count) });
        }

        if (_tracepoints.Count == 0)
            _tracepoints.Add(new BuiltTracepoint(1, "sched_wait"));
    }

    /// <summary>The bytes of a tracefile or, one time in three, of a dump.</summary>
    public byte[] Build()
    {
        List<BuiltSample>[] cpus = [.. Enumerable.Range(0, _random.Next(1, 5)).Select(_ => new List<BuiltSample>())];
        ulong start = _random.Next(4) switch
        {
            0 => 0,
            1 => 9_000_000_000_000_000,
            _ => (ulong)_random.NextInt64(1, 2_000_000_000),
        };
        ulong time = start;
        int count = _random.Next(0, 120);
        ulong[] cpuStarts = [.. cpus.Select(_ => start + (ulong)_random.Next(0, 3000))];
        for (int i = 0; i < count; i++)
        {
            time += (ulong)(
                _random.Next(3) == 0 ? 0
                : _random.Next(10) == 0 ? _random.Next(2_000_000)
                : _random.Next(200)
            );
            uint cpu = (uint)_random.Next(cpus.Length);
            if (time >= cpuStarts[cpu] && CreateSample(time, cpu) is BuiltSample sample)
                cpus[cpu].Add(sample);
        }

        return _random.Next(3) == 0 ? ToDump(cpus) : ToTracefile(cpus);
    }

    /// <summary>The symbols file beside the trace.</summary>
    public static string Symbols() =>
        string.Concat(
            Frames.Where(frame => frame.Symbol.Length > 0).Select(frame => $"0x{frame.Address - 1:x} {frame.Symbol}\n")
        );

    private byte[] ToTracefile(List<BuiltSample>[] cpus)
    {
        var builder = new TracefileBuilder();
        foreach (BuiltTracepoint tracepoint in _tracepoints)
            builder.Define(tracepoint.Name, tracepoint.Signature, tracepoint.Format, tracepoint.Key);

        foreach (BuiltSample sample in cpus.SelectMany(cpu => cpu).OrderBy(sample => sample.Time))
            builder.Add(sample);

        return builder.Build();
    }

    private byte[] ToDump(List<BuiltSample>[] cpus)
    {
        OsvtBuilder builder = new OsvtBuilder().Dictionary(null, [.. _tracepoints]);
        foreach (List<BuiltSample> cpu in cpus)
            builder.Samples(cpu);

        return builder.Build();
    }

    private BuiltSample? CreateSample(ulong time, uint cpu)
    {
        BuiltTracepoint tracepoint = _tracepoints[_random.Next(_tracepoints.Count)];
        ulong thread = 0xffff800000a00000 + (0x1000 * (ulong)_random.Next(1, 5));
        if (
            !_nests
            && !Allows(
                tracepoint.Name,
                tracepoint.Name.StartsWith("sched_idle", StringComparison.Ordinal) ? cpu : thread
            )
        )
            return null;

        return new BuiltSample(tracepoint)
        {
            Time = _random.Next(60) == 0 ? 0 : time,
            Cpu = cpu,
            Thread = thread,
            ThreadName =
                _random.Next(30) == 0 ? ""
                : _random.Next(30) == 0 ? "näme>"
                : $">thread{thread >> 12 & 0xf}",
            Backtrace =
                _random.Next(4) == 0
                    ? []
                    :
                    [
                        .. Enumerable
                            .Range(0, _random.Next(1, 7))
                            .Select(_ => Frames[_random.Next(Frames.Length)].Address),
                    ],
            Arguments = [.. tracepoint.Signature.Select(type => Argument(type, tracepoint.Name))],
        };
    }

    /// <summary>Keeps entries from nesting, so that the reference goes on.</summary>
    private bool Allows(string name, ulong owner)
    {
        int suffix = Math.Max(
            name.LastIndexOf("_ret", StringComparison.Ordinal),
            name.LastIndexOf("_err", StringComparison.Ordinal)
        );
        (string group, bool isExit) = name switch
        {
            "mutex_lock_wait" => ("mutex", false),
            "mutex_lock_wake" => ("mutex", true),
            _ => suffix > 0 ? (name[..suffix], true) : (name, false),
        };
        if (isExit)
        {
            _ended.Add(group);
            _open.Remove((owner, group));
            return true;
        }

        return !(_ended.Contains(group) || group == "mutex") || _open.Add((owner, group));
    }

    private object Argument(char type, string name) =>
        type switch
        {
            'P' => name == "sched_wake"
                ? 0xffff800000a00000 + (0x1000 * (ulong)_random.Next(1, 5))
                : 0xffff900000000000 + (0x40 * (ulong)_random.Next(6)),
            'Q' => name == "sched_load" ? (ulong)_random.Next(40) : 1UL << _random.Next(3, 9),
            'b' => (sbyte)_random.Next(-128, 128),
            'h' => (short)_random.Next(-4000, 4000),
            'H' => (ushort)_random.Next(65536),
            'i' => _random.Next(-3, 40),
            'I' => (uint)_random.Next(0, 1000),
            'q' => _random.NextInt64(long.MinValue, long.MaxValue),
            '?' => _random.Next(2) == 0,
            'f' => (float)_random.NextDouble() * 1000,
            'd' => _random.NextDouble() * Math.Pow(10, _random.Next(-8, 20)),
            'p' => new[] { "/etc/hosts", "", "/ä/é", "malloc_page x", "100% %d" }[_random.Next(5)],
            _ => Enumerable.Range(0, _random.Next(5)).Select(_ => (byte)_random.Next(256)).ToArray(),
        };
}
