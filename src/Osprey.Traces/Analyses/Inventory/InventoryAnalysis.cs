using System.Buffers.Binary;
using System.Text.Unicode;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Inventory;

/// <summary>Takes stock of a trace: its CPUs and tracepoints, and what is odd about it.</summary>
public sealed class InventoryAnalysis : TraceAnalysis
{
    private readonly TracepointTable _tracepoints;
    private readonly TraceRing? _ring;
    private readonly long[] _counts;
    private readonly long[] _backtraceCounts;
    private readonly Dictionary<uint, CpuInventory> _cpus = [];
    private readonly HashSet<ulong> _threads = [];
    private readonly HashSet<UInt128> _threadNames = [];
    private CpuInventory? _lastCpu;
    private ulong _previous;
    private UInt128 _lastName;

    /// <param name="tracepoints">The trace's dictionary.</param>
    /// <param name="semantics">The meaning of the trace, which knows the rings.</param>
    public InventoryAnalysis(TracepointTable tracepoints, TraceSemantics semantics)
    {
        _ring = semantics.Ring;
        _tracepoints = tracepoints;
        _counts = new long[tracepoints.Count];
        _backtraceCounts = new long[tracepoints.Count];
        Text = new TextInventory(tracepoints);
    }

    /// <summary>The number of samples.</summary>
    public long Samples { get; private set; }

    /// <summary>The CPUs by number; samples without one come last, as 0xffffffff.</summary>
    public IReadOnlyList<CpuInventory> Cpus => [.. _cpus.Values.OrderBy(cpu => cpu.Cpu)];

    /// <summary>The tracepoints that have samples, by name and key.</summary>
    public IReadOnlyList<TracepointInventory> Tracepoints =>
        [
            .. from tracepoint in _tracepoints.All
            where _counts[tracepoint.Index] > 0
            orderby tracepoint.Name, tracepoint.Key
            select new TracepointInventory(
                tracepoint,
                _counts[tracepoint.Index],
                _backtraceCounts[tracepoint.Index],
                new ArgumentFormatter(tracepoint, compat: false).FitsFormat
            ),
        ];

    /// <summary>Tracepoints of the dictionary, with samples or without.</summary>
    public int DictionaryCount => _tracepoints.Count;

    /// <summary>The earliest time in nanoseconds; 0 when no sample has one.</summary>
    public ulong First => _cpus.Values.Where(cpu => cpu.HasTime).Select(cpu => cpu.First).DefaultIfEmpty().Min();

    /// <summary>The latest time in nanoseconds.</summary>
    public ulong Last => _cpus.Values.Select(cpu => cpu.Last).DefaultIfEmpty().Max();

    /// <summary>Threads, by address.</summary>
    public int ThreadCount => _threads.Count;

    /// <summary>Distinct names of threads.</summary>
    public int ThreadNameCount => _threadNames.Count;

    /// <summary>Samples with a backtrace.</summary>
    public long WithBacktrace { get; private set; }

    /// <summary>Return addresses of all backtraces.</summary>
    public long Frames { get; private set; }

    /// <summary>Return addresses of the longest backtrace.</summary>
    public int MostFrames { get; private set; }

    /// <summary>The distinct return addresses.</summary>
    public ReturnAddressSet Addresses { get; } = new();

    /// <summary>Samples without a thread.</summary>
    public long WithoutThread { get; private set; }

    /// <summary>Samples with time 0.</summary>
    public long WithoutTime { get; private set; }

    /// <summary>Samples that are earlier than the one before them in the trace, whatever CPU that one is of.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Text that is not UTF-8.</summary>
    public TextInventory Text { get; }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        Samples++;
        _counts[sample.Tracepoint]++;
        CountBacktrace(sample);
        CountThread(sample);
        Text.Add(sample);
        uint number = sample.Cpu;
        if (_lastCpu?.Cpu != number && !_cpus.TryGetValue(number, out _lastCpu))
            _cpus.Add(number, _lastCpu = new CpuInventory(number, _ring));

        _lastCpu!.Add(sample);
        ulong time = sample.Time;
        if (time == 0)
        {
            WithoutTime++;
            return;
        }

        if (time < _previous)
            OutOfOrder++;

        _previous = time;
    }

    private void CountBacktrace(in TraceEvent sample)
    {
        if (!sample.HasBacktrace)
            return;

        ReadOnlySpan<ulong> backtrace = sample.Backtrace;
        _backtraceCounts[sample.Tracepoint]++;
        WithBacktrace++;
        Frames += backtrace.Length;
        MostFrames = Math.Max(MostFrames, backtrace.Length);
        Addresses.Add(backtrace);
    }

    private void CountThread(in TraceEvent sample)
    {
        ulong thread = sample.Thread;
        if (thread == 0)
        {
            WithoutThread++;
            return;
        }

        _threads.Add(thread);
        UInt128 name = BinaryPrimitives.ReadUInt128LittleEndian(sample.ThreadNameField);
        if (name == _lastName && _threadNames.Count > 0)
            return;

        _lastName = name;
        if (_threadNames.Add(name) && !Utf8.IsValid(sample.ThreadName))
            Text.BadThreadNames++;
    }
}
