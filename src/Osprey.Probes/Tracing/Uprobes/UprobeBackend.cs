using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Osprey.Probes.Native;
using Osprey.Probes.Processes;
using Osprey.Probes.Values;

namespace Osprey.Probes.Tracing.Uprobes;

// The kernel puts a breakpoint of its own at the site, handles it without a switch to another process, and writes a
// record to a buffer that we read: registers, what the definition of the event says to fetch, and a part of the stack.
// Memory and text are copied at the hit, so that they are what the program passed. The breakpoint is only in the
// memory of processes that somebody traces; the kernel raises the semaphore there, and takes all out when the event is
// closed, be it that we are killed.
//
// An event is opened for each site, thread and CPU, since the kernel allows a buffer only for one CPU when the threads
// that a thread starts are to be traced as well. All events of a CPU share a buffer.

/// <summary>Traces by the kernel's uprobes: cheaper, but for privileged users only.</summary>
public sealed class UprobeBackend : ProbeBackend
{
    /// <summary>The longest text that the kernel copies, with its NUL; 8192 bytes is its limit for all.</summary>
    internal const int MaxTextSize = 4096;

    private const int BufferSize = 1 << 20;
    private const int BufferSizeWithStacks = 1 << 23;
    private const int StackSize = 16 << 10;
    private const int MaxFiles = 500_000;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    private readonly TracedProcess _process;
    private readonly IReadOnlyList<TracedSite> _chosen;
    private readonly IStackWalker? _walker;
    private readonly ThreadNames _names = new();
    private readonly Dictionary<int, UprobeSite> _sites = [];
    private readonly List<int> _files = [];
    private readonly SortedDictionary<int, PerfRing> _rings = [];
    private readonly List<ProbeHit> _hits = [];
    private ulong _complete; // when the last reading of the rings began
    private readonly List<ulong> _stack = [];
    private readonly ProcessMemory _memory;
    private readonly SampledThread _thread;
    private UprobeEvents? _events;

    /// <param name="process">The process.</param>
    /// <param name="sites">The sites to trace.</param>
    /// <param name="walker">Finds stacks; null to leave them alone.</param>
    /// <exception cref="ProbeException">The process ended, or is another user's.</exception>
    public UprobeBackend(TracedProcess process, IReadOnlyList<TracedSite> sites, IStackWalker? walker)
    {
        _process = process;
        _chosen = sites;
        _walker = walker;
        _memory = ProcessMemory.Open(process.ProcessId);
        _thread = new SampledThread(_memory);
    }

    /// <inheritdoc/>
    public override string Description => "the kernel's uprobes";

    /// <inheritdoc/>
    public override void Begin()
    {
        try
        {
            _events = UprobeEvents.Begin();
            foreach (TracedSite site in _chosen)
            {
                var defined = new UprobeSite(site, _events);
                _sites.Add(defined.Id, defined);
                if (!defined.IsWhole)
                    Note(
                        $"{site.Probe.FullName}: some arguments are out of the reach of kernel uprobes; "
                            + "--backend ptrace gets them"
                    );
            }

            OpenEvents();
        }
        catch
        {
            End();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Follow(Func<ProbeHit, bool> take, Action pause, CancellationToken cancellation)
    {
        bool isLast = false;
        while (true)
        {
            // What was written before the process ended, or before the end was asked for, is read once more.
            bool isEnd = isLast;
            if (!TakeAll(take, isEnd))
                return;

            pause();
            if (isEnd)
                return;

            if (!_process.IsAlive)
            {
                EndReason = "the process has ended";
                isLast = true;
            }
            else
            {
                isLast = cancellation.WaitHandle.WaitOne(s_pause);
            }
        }
    }

    /// <inheritdoc/>
    public override void End()
    {
        foreach (PerfRing ring in _rings.Values)
            ring.Dispose();

        _rings.Clear();
        foreach (int file in _files)
            _ = Libc.Close(file);

        _files.Clear();
        _events?.Dispose();
        _events = null;
        _memory.Dispose();
    }

    private void OpenEvents()
    {
        IReadOnlyList<int> cpus = ReadOnlineCpus();
        var done = new HashSet<int>();
        for (bool isNew = true; isNew; )
        {
            isNew = false;
            foreach (int thread in _process.ListThreads())
            {
                if (!done.Add(thread))
                    continue;

                isNew = true;
                foreach (UprobeSite site in _sites.Values)
                {
                    foreach (int cpu in cpus)
                        OpenEvent(site, thread, cpu);
                }
            }
        }

        if (_files.Count == 0)
            throw new ProbeException($"process {_process.ProcessId} has ended");
    }

    private void OpenEvent(UprobeSite site, int thread, int cpu)
    {
        if (_files.Count >= MaxFiles)
            throw TooMany();

        int file = PerfEvent.Open(site.Id, thread, cpu, _walker is null ? 0 : StackSize, out int error);
        if (file < 0)
        {
            if (error == Libc.NoSuchProcess)
                return;

            throw error == Libc.TooManyFiles
                ? TooMany()
                : new ProbeException(
                    "the kernel does not allow its uprobes here: "
                        + new System.ComponentModel.Win32Exception(error).Message
                );
        }

        _files.Add(file);
        if (_rings.TryGetValue(cpu, out PerfRing? ring))
        {
            if (!PerfEvent.Share(file, ring.File))
                throw new ProbeException("the kernel does not let events share a buffer");

            return;
        }

        _rings[cpu] =
            PerfRing.Map(file, _walker is null ? BufferSize : BufferSizeWithStacks)
            ?? throw new ProbeException("the kernel gives no memory for its records");
    }

    private ProbeException TooMany() =>
        new(
            $"{_sites.Count} sites in {_process.ListThreads().Count} threads are more events than the kernel allows; "
                + "name fewer probes, or take --backend ptrace"
        );

    /// <summary>Tells the hits by time, up to the time before which no ring can have more.</summary>
    /// <remarks>
    /// The rings are read one after the other: one may have a hit already that is later than one which the ring before
    /// it got meanwhile. What happened before the last reading began was in its ring by the end of this one.
    /// </remarks>
    /// <param name="take">Takes a hit.</param>
    /// <param name="isEnd">True to tell all: nothing is read after this.</param>
    private bool TakeAll(Func<ProbeHit, bool> take, bool isEnd)
    {
        ulong begun = (ulong)Stopwatch.GetTimestamp(); // nanoseconds of CLOCK_MONOTONIC
        foreach (PerfRing ring in _rings.Values)
            ring.Read(Read);

        ulong limit = isEnd ? ulong.MaxValue : _complete;
        _complete = begun;
        ProbeHit[] ready = [.. _hits.Where(hit => hit.Time < limit).OrderBy(hit => hit.Time)];
        _hits.RemoveAll(hit => hit.Time < limit);
        foreach (ProbeHit hit in ready)
        {
            if (!take(hit))
                return false;
        }

        return true;
    }

    private void Read(uint type, ReadOnlySpan<byte> content)
    {
        if (type == PerfEvent.Lost && content.Length >= 16)
        {
            LostHits += (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(content[8..]), int.MaxValue);
            return;
        }

        // pid and thread (4 each), time (8), CPU (4), 4 unused, size of the event's own record (4), that, registers
        if (type != PerfEvent.Sample || content.Length < 28)
            return;

        int threadId = BinaryPrimitives.ReadInt32LittleEndian(content[4..]);
        ulong time = BinaryPrimitives.ReadUInt64LittleEndian(content[8..]);
        uint cpu = BinaryPrimitives.ReadUInt32LittleEndian(content[16..]);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(content[24..]);
        if (size > content.Length - 28 || size < 8)
            return;

        ReadOnlySpan<byte> record = content.Slice(28, (int)size);
        int id = BinaryPrimitives.ReadUInt16LittleEndian(record);
        if (!_sites.TryGetValue(id, out UprobeSite? site) || !_thread.TryRead(content[(28 + (int)size)..]))
        {
            LostHits++;
            return;
        }

        var values = new ProbeValue[site.Site.Site.Arguments.Count];
        for (int i = 0; i < values.Length; i++)
        {
            ProbeValue value = site.GetValue(i, record, _thread);
            if (value.Kind == ProbeValueKind.Integer && value.Bits != 0 && site.Site.MayPointToText(i))
                value = AddText(site.Site, i, value, site.GetText(i, record, out bool isCut), isCut);

            values[i] = value;
        }

        CutTexts(site.Site, values);
        _stack.Clear();
        _stack.Add(unchecked(site.Site.Address + 1));
        _walker?.Walk(site.Site.Address, _thread, _stack);
        _hits.Add(new ProbeHit(site.Site, time, threadId, _names.Find(threadId), cpu, values, [.. _stack]));
    }

    private static List<int> ReadOnlineCpus()
    {
        var cpus = new List<int>();
        foreach (string range in File.ReadAllText("/sys/devices/system/cpu/online").Trim().Split(','))
        {
            string[] ends = range.Split('-');
            if (
                int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
            )
            {
                for (int cpu = first; cpu <= last && cpu < 65536; cpu++)
                    cpus.Add(cpu);
            }
        }

        return cpus;
    }
}
