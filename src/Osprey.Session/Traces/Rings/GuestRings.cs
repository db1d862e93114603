using System.Globalization;
using System.Text;
using Osprey.Guests.Tracepoints;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Memory;
using Osprey.Traces.Model;
using Osprey.Traces.Rings;

namespace Osprey.Session.Traces.Rings;

/// <summary>The rings of a guest that its tracepoints write to, each with its reader, and the tracepoints.</summary>
/// <remarks>Used from one thread at a time.</remarks>
public sealed class GuestRings
{
    private const int MaxDefects = 100;

    private readonly Func<GuestTraceRings> _find;
    private readonly RingMemory _memory;
    private readonly bool _startsAtNewest;
    private readonly List<RingReader> _readers = [];
    private readonly List<string> _defects = [];
    private readonly HashSet<int> _enabled = [];
    private bool _countsDropped;
    private bool _isFollowing;

    /// <summary>Finds the rings.</summary>
    /// <param name="find">Asks the guest's system for them, with what it has now.</param>
    /// <param name="memory">The kernel's memory as it is at each read, past all caches.</param>
    /// <param name="startsAtNewest">True to read only what is written from now on.</param>
    /// <exception cref="TargetException">The kernel is not known, or has no tracepoints.</exception>
    public GuestRings(Func<GuestTraceRings> find, RingMemory memory, bool startsAtNewest)
    {
        _find = find;
        _memory = memory;
        _startsAtNewest = startsAtNewest;
        Update();
    }

    /// <summary>The tracepoints whose samples are in the rings; more are added when the guest gets more.</summary>
    public TracepointTable Tracepoints { get; } = new();

    /// <summary>The sizes of samples.</summary>
    public RingLayout Layout { get; private set; } = RingLayout.Osv;

    /// <summary>The readers of the rings that the guest has allocated, by CPU.</summary>
    public IReadOnlyList<RingReader> Readers => _readers;

    /// <summary>The number of the guest's CPUs.</summary>
    public int CpuCount { get; private set; }

    /// <summary>The reasons why some of the guest's samples may be missing, in words.</summary>
    public IReadOnlyList<string> Defects =>
        Dropped == 0
            ? _defects
            :
            [
                .. _defects,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the program itself dropped {Dropped} records: all its rings were in use, or no page holds one"
                ),
            ];

    /// <summary>The samples that were never written, as the guest counted them when it was looked at last.</summary>
    public long Dropped { get; private set; }

    /// <summary>Tells whether a tracepoint, by index, was enabled when the guest was looked at last.</summary>
    public bool IsEnabled(int tracepoint) => _enabled.Contains(tracepoint);

    /// <summary>Finds the rings of a guest.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="startsAtNewest">True to read only what is written from now on.</param>
    /// <param name="cancellation">Ends the walks through the kernel's lists.</param>
    /// <exception cref="TargetException">
    /// The system has no such rings, its kernel is not known, or was built without tracepoints.
    /// </exception>
    public static GuestRings Of(GuestSession session, bool startsAtNewest, CancellationToken cancellation)
    {
        var os = session.RequireAbility<IGuestTraceRings>("it has no trace buffers that can be read");
        _ = session.Kernel; // finds the programs, so that the space below is that of the kernel's variables
        AddressSpace space = session.Os.GetKernelSpace(session.Vcpu.Space);
        // Translations are kept; the bytes are read where the guest has them, each time.
        var memory = new VirtualMemory(session.Target.Memory, space.Memory.Translator);
        bool isFirst = true;
        return new GuestRings(
            () =>
            {
                if (!isFirst)
                    session.Kernel.Refresh();

                isFirst = false;
                return os.ReadTraceRings(session.Kernel, cancellation);
            },
            memory.Read,
            startsAtNewest
        );
    }

    /// <summary>Makes sure that there is a ring.</summary>
    /// <exception cref="TargetException">The guest has allocated none.</exception>
    public void RequireAllocated()
    {
        if (_readers.Count == 0)
            throw new TargetException(
                TargetProblem.NotAnswered,
                _defects.Count > 0
                    ? $"the guest's trace buffers can't be read: {_defects[0]}"
                    : "the guest has recorded nothing: no tracepoint was ever enabled in it, so it has no trace "
                        + "buffers (boot it with --trace=NAMES, or enable some while it runs)"
            );
    }

    /// <summary>Looks anew for tracepoints and rings.</summary>
    /// <returns>The tracepoints that were not known before.</returns>
    /// <exception cref="TargetException">The guest can't be read any more.</exception>
    public IReadOnlyList<Tracepoint> Update()
    {
        GuestTraceRings found = _find();
        Layout = new RingLayout(found.PageSize, found.BacktraceLength);
        CpuCount = found.Rings.Items.Count;
        _countsDropped = found.Dropped is not null;
        Dropped = found.Dropped ?? 0;
        foreach (string defect in found.Rings.Defects.Concat(found.Tracepoints.Defects))
            AddDefect(defect);

        _enabled.Clear();
        var added = new List<Tracepoint>();
        foreach (GuestTracepoint tracepoint in found.Tracepoints.Items)
        {
            // All-ones and zero are marks in the rings.
            if (tracepoint.Address is 0 or ulong.MaxValue)
                continue;

            int index = Tracepoints.IndexOf(tracepoint.Address);
            if (index < 0)
            {
                Tracepoint known = Add(tracepoint);
                added.Add(known);
                index = known.Index;
            }

            if (tracepoint.IsLogging)
                _enabled.Add(index);
        }

        foreach (GuestTraceRing ring in found.Rings.Items)
            Place(new RingPlace(ring.Cpu, ring.HeaderAddress, ring.HeaderSize, ring.LastOffset, ring.Base, ring.Size));

        return added;
    }

    /// <summary>Looks anew for the number of samples that were never written.</summary>
    /// <exception cref="TargetException">The guest can't be read any more.</exception>
    internal void LookAtDropped()
    {
        if (_countsDropped)
            Dropped = _find().Dropped ?? 0;
    }

    private Tracepoint Add(GuestTracepoint tracepoint)
    {
        string signature = (tracepoint.Signature ?? "").Replace("p", "50p", StringComparison.Ordinal);
        return Tracepoints.Add(
            tracepoint.Address,
            Encoding.UTF8.GetBytes(tracepoint.Name),
            Encoding.UTF8.GetBytes(signature),
            Encoding.UTF8.GetBytes(tracepoint.Format)
        );
    }

    private void Place(RingPlace place)
    {
        if (!place.IsAllocated)
            return;

        if (!RingReader.IsPossible(place, Layout))
        {
            AddDefect($"the trace buffer of CPU {place.Cpu} is not understood");
            return;
        }

        int index = _readers.FindIndex(reader => reader.Place.Cpu == place.Cpu);
        if (index >= 0 && _readers[index].Place == place && !_readers[index].HasMoved)
            return;

        var reader = new RingReader(_memory, place, Tracepoints, Layout);
        // A ring that appears while the guest is followed has nothing that is older.
        if (_startsAtNewest && index < 0 && !_isFollowing)
            reader.StartAtNewest();

        if (index >= 0)
            _readers[index] = reader;
        else
            _readers.Add(reader);

        _readers.Sort((a, b) => a.Place.Cpu.CompareTo(b.Place.Cpu));
    }

    /// <summary>
    /// Says that the rings that are there are followed: those that come are read from their beginning.
    /// </summary>
    internal void BeginFollowing() => _isFollowing = true;

    private void AddDefect(string defect)
    {
        if (_defects.Count < MaxDefects && !_defects.Contains(defect))
            _defects.Add(defect);
    }
}
