using System.Globalization;
using Osprey.Packets;
using Osprey.Packets.Link;
using Osprey.Packets.Vsock;

namespace Osprey.Session.Captures.Rings;

/// <summary>Follows one queue by its indices, and copies what it carries out of the guest's memory.</summary>
/// <remarks>
/// <para>
/// The guest is not stopped: a buffer may be taken back and filled anew before it is read. So an index says how many
/// packets there were, exactly, and each of these is either captured or counted as lost. A packet is believed when the
/// device had not given its buffer back by the end of the copy: until then the driver may not touch it. One that was
/// read later must have a checksum that is right over all of its bytes; where there is none, as for ARP, it is marked
/// as unverified when its lengths are right. A buffer whose descriptors or memory already belong to a newer packet is
/// lost.
/// </para>
/// <para>Indices are modulo 2^16. The ring's size bounds what can lie between two looks.</para>
/// </remarks>
internal abstract class QueueFollower
{
    /// <summary>Bytes of a packet at most: segmentation offload makes packets of 64 KiB and a little.</summary>
    protected const int MaxPacketSize = 256 << 10;

    private const int MaxAttempts = 4;
    private const int MaxDefects = 16;

    private readonly CaptureDevice _device;
    private readonly PacketDirection _direction;
    private readonly List<string> _defects = [];
    private bool _isStarted;

    protected QueueFollower(VirtqueueRing ring, CaptureDevice device, int deviceIndex, PacketDirection direction)
    {
        Ring = ring;
        _device = device;
        DeviceIndex = deviceIndex;
        _direction = direction;
    }

    /// <summary>The number of its device in the capture's list.</summary>
    public int DeviceIndex { get; }

    /// <summary>What became of the packets so far.</summary>
    public QueueCounts Counts { get; private set; }

    /// <summary>What was wrong with the queue, in words, each once; at most some.</summary>
    public IReadOnlyList<string> Defects => _defects;

    /// <summary>What happened to the queue that makes its counts uncertain, in words.</summary>
    public IEnumerable<string> Notes => Ring.Notes.Select(Name);

    /// <summary>True when the indices made no sense: the driver may have begun anew.</summary>
    public bool IsSuspicious { get; private set; }

    /// <summary>The time of the oldest packet that is not given out yet; null when there is none.</summary>
    public virtual ulong? HeldSince => null;

    /// <summary>Bytes of virtio's header.</summary>
    protected int HeaderSize => _device.HeaderSize;

    /// <summary>The device.</summary>
    protected CaptureDevice Device => _device;

    protected VirtqueueRing Ring { get; }

    protected ushort Available { get; set; }

    protected ushort Used { get; set; }

    /// <summary>Looks once.</summary>
    /// <param name="time">The time now, nanoseconds since 1970.</param>
    /// <param name="output">Gets the packets that were captured.</param>
    /// <returns>Whether anything moved.</returns>
    public bool Poll(ulong time, List<CapturedFrame> output)
    {
        if (!TryReadIndices(out ushort available, out ushort used))
            return false;

        if (!_isStarted)
        {
            Available = available;
            Used = used;
            _isStarted = true;
            Start();
            return false;
        }

        int newAvailable = Distance(Available, available);
        int newUsed = Distance(Used, used);
        return Take(newAvailable, newUsed, time, output);
    }

    /// <summary>Gives out what is held back, when the capture ends.</summary>
    public virtual void Finish(List<CapturedFrame> output) { }

    /// <summary>Clears <see cref="IsSuspicious"/>.</summary>
    public void Trust() => IsSuspicious = false;

    /// <summary>Takes what is in flight when the capture starts.</summary>
    protected virtual void Start() { }

    /// <summary>Takes what is new.</summary>
    protected abstract bool Take(int newAvailable, int newUsed, ulong time, List<CapturedFrame> output);

    /// <summary>The way from one index to a later one.</summary>
    protected static int Distance(ushort from, ushort to) => unchecked((ushort)(to - from));

    /// <summary>An index that is some steps further.</summary>
    protected static ushort Advance(ushort index, int count) => unchecked((ushort)(index + count));

    protected void CountLost(int count) => Counts = Counts with { Lost = Counts.Lost + count };

    /// <summary>Counts a packet that can't be one, and keeps the reason.</summary>
    protected void CountMalformed(string problem)
    {
        Counts = Counts with { Malformed = Counts.Malformed + 1 };
        AddDefect(problem);
    }

    protected void AddDefect(string problem)
    {
        string defect = Name(problem);
        if (_defects.Count < MaxDefects && !_defects.Contains(defect))
            _defects.Add(defect);
    }

    /// <summary>Notes a buffer's descriptors as its own; false when a newer buffer has one of them.</summary>
    protected static bool Claim(DescriptorChain chain, HashSet<ushort> owned)
    {
        bool isIntact = true;
        foreach (ushort index in chain.Problem is null ? chain.Indexes : chain.Indexes.Distinct())
            isIntact &= owned.Add(index);

        return isIntact;
    }

    /// <summary>Counts a packet and gives it out.</summary>
    protected void Give(CapturedFrame frame, List<CapturedFrame> output)
    {
        Counts = Counts with
        {
            Captured = Counts.Captured + 1,
            Unverified = Counts.Unverified + (frame.IsUnverified ? 1 : 0),
        };
        output.Add(frame);
    }

    /// <summary>Makes a packet of a buffer's bytes.</summary>
    /// <param name="bytes">virtio's header and the packet.</param>
    /// <param name="isCertain">Whether the guest can't have overwritten them.</param>
    /// <param name="time">When it was seen.</param>
    /// <param name="isMalformed">Whether the driver wrote it so; otherwise what is no packet was overwritten.</param>
    /// <returns>Null when it is none.</returns>
    protected CapturedFrame? Make(ReadOnlyMemory<byte> bytes, bool isCertain, ulong time, out bool isMalformed)
    {
        isMalformed = false;
        if (_device.Kind == CaptureDeviceKind.Vsock)
        {
            byte[]? packet = VsockmonFrame.Create(bytes.Span);
            isMalformed = packet is null && isCertain;
            return packet is null ? null : Create(packet, !isCertain);
        }

        if (bytes.Length <= HeaderSize)
        {
            isMalformed = true;
            return null;
        }

        ReadOnlyMemory<byte> frame = bytes[HeaderSize..];
        if (isCertain)
            return Create(frame, false);

        return FrameCheck.Check(frame.Span, VirtioNetHeader.IsPartial(bytes.Span)) switch
        {
            FrameVerdict.Verified => Create(frame, false),
            FrameVerdict.Unverifiable => Create(frame, true),
            _ => null,
        };

        CapturedFrame Create(ReadOnlyMemory<byte> packet, bool isUnverified) =>
            new(time, DeviceIndex, Ring.Queue.Number, _direction, packet, isUnverified);
    }

    private string Name(string problem) =>
        string.Create(CultureInfo.InvariantCulture, $"queue {Ring.Queue.Number} of {_device.Name}: {problem}");

    /// <summary>Reads both indices until they make sense together.</summary>
    private bool TryReadIndices(out ushort available, out ushort used)
    {
        available = 0;
        used = 0;
        for (int i = 0; i < MaxAttempts; i++)
        {
            // What is used was available before: read in this order, nothing used is missing among what is available.
            if (!Ring.TryReadUsedIndex(out used) || !Ring.TryReadAvailableIndex(out available))
            {
                AddDefect("its rings can't be read");
                IsSuspicious = true;
                return false;
            }

            // More when it was long between the two reads.
            if (Distance(used, available) <= Ring.Queue.Size)
                return true;
        }

        AddDefect(
            string.Create(
                CultureInfo.InvariantCulture,
                $"its indices make no sense: {available} available, {used} used, {Ring.Queue.Size} in the ring"
            )
        );
        IsSuspicious = true;
        return false;
    }
}
