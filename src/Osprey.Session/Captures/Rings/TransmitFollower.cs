using System.Globalization;
using Osprey.Packets;

namespace Osprey.Session.Captures.Rings;

/// <summary>Follows a queue of packets that go out: buffers that the driver fills and the device reads.</summary>
/// <remarks>
/// A packet that was read after the device gave its buffer back may be a newer one, which the driver was writing to the
/// same memory and had not put in yet. That one is put in soon; on a busy host, once the guest's CPU runs again. So
/// such a packet is held back until the next one at the same place comes, or for a while, and is lost when that one has
/// the same bytes.
/// </remarks>
internal sealed class TransmitFollower(VirtqueueRing ring, CaptureDevice device, int deviceIndex)
    : QueueFollower(ring, device, deviceIndex, PacketDirection.Outbound)
{
    private const ulong HoldTime = 100_000_000; // nanoseconds

    private readonly Queue<HeldFrame> _held = [];
    private readonly Dictionary<ulong, HeldFrame> _uncertain = []; // the last of each place

    /// <inheritdoc/>
    public override ulong? HeldSince => _held.TryPeek(out HeldFrame? first) ? first.Frame.Time : null;

    /// <inheritdoc/>
    public override void Finish(List<CapturedFrame> output) => Release(ulong.MaxValue, output);

    /// <inheritdoc/>
    protected override bool Take(int newAvailable, int newUsed, ulong time, List<CapturedFrame> output)
    {
        Used = Advance(Used, newUsed);
        if (newAvailable == 0)
        {
            Release(time, output);
            return newUsed > 0;
        }

        ushort first = Available;
        Available = Advance(Available, newAvailable);
        int gone = Math.Max(0, newAvailable - Ring.Queue.Size);
        CountLost(gone);
        TakePackets(Advance(first, gone), newAvailable - gone, time);
        Release(time, output);
        return true;
    }

    private void TakePackets(ushort first, int count, ulong time)
    {
        if (!Ring.TryReadAvailable())
        {
            AddDefect("its descriptors can't be read");
            CountLost(count);
            return;
        }

        var chains = new DescriptorChain?[count];
        var owned = new HashSet<ushort>();
        var places = new HashSet<ulong>();
        for (int i = count - 1; i >= 0; i--)
        {
            if (Ring.GetBuffer(Advance(first, i)) is not { } chain)
                continue;

            bool isIntact = Claim(chain, owned);
            if (PlaceOf(chain) is { } place)
                isIntact &= places.Add(place);

            chains[i] = isIntact ? chain : null;
        }

        var copies = new Packet?[count];
        for (int i = 0; i < count; i++)
            copies[i] = chains[i] is { } chain ? Read(chain, Advance(first, i)) : null;

        HashSet<ushort>? reused = FindReused();
        foreach (Packet? packet in copies)
        {
            if (packet is null || (!packet.IsCertain && (reused is null || packet.Chain.Indexes.Any(reused.Contains))))
                CountLost(1);
            else
                TakePacket(packet, time);
        }
    }

    private Packet Read(DescriptorChain chain, ushort position)
    {
        ulong size = chain.GetSize(false);
        string? problem = chain.Problem;
        if (problem is null && size > MaxPacketSize)
            problem = string.Create(CultureInfo.InvariantCulture, $"a packet of {size} bytes");

        byte[] bytes = problem is null ? new byte[size] : [];
        int copied = Ring.Copy(chain, false, bytes);
        bool isCertain = Ring.TryReadUsedIndex(out ushort used) && unchecked((short)(used - position)) <= 0;
        if (problem is null && copied < bytes.Length)
            problem = "a packet that is not in the guest's memory";

        return new Packet(chain, bytes, isCertain, problem);
    }

    /// <summary>
    /// Finds the descriptors of what was put in since the indices were read: whatever had them before may have been
    /// read out of the newer ones. The driver gives those out first that came back last, so that this is a whole batch
    /// in reverse order, sooner or later.
    /// </summary>
    /// <returns>Null when there is too much of it to tell.</returns>
    private HashSet<ushort>? FindReused()
    {
        if (!Ring.TryReadAvailableIndex(out ushort now))
            return null;

        var reused = new HashSet<ushort>();
        int newer = Distance(Available, now);
        if (newer == 0)
            return reused;

        if (newer > Ring.Queue.Size || !Ring.TryReadAvailable())
            return null;

        for (int i = 0; i < newer; i++)
            reused.UnionWith(Ring.GetBuffer(Advance(Available, i))?.Indexes ?? []);

        return reused;
    }

    private void TakePacket(Packet packet, ulong time)
    {
        bool isMalformed = false;
        CapturedFrame? frame = packet.Problem is null
            ? Make(packet.Bytes, packet.IsCertain, time, out isMalformed)
            : null;
        if (frame is not null)
            Hold(new HeldFrame(frame, PlaceOf(packet.Chain) ?? 0) { IsCertain = packet.IsCertain });
        else if (packet.IsCertain || isMalformed)
            CountMalformed(
                packet.Problem
                    ?? string.Create(CultureInfo.InvariantCulture, $"{packet.Bytes.Length} bytes that are no packet")
            );
        else
            CountLost(1); // its descriptors may have been used again meanwhile
    }

    /// <summary>Holds a packet, and tells by it what the one before it at its place was.</summary>
    private void Hold(HeldFrame frame)
    {
        if (_uncertain.Remove(frame.Place, out HeldFrame? older))
        {
            older.IsLost = older.Frame.Bytes.Span.SequenceEqual(frame.Frame.Bytes.Span);
            older.IsCertain = !older.IsLost;
        }

        _held.Enqueue(frame);
        if (!frame.IsCertain)
            _uncertain[frame.Place] = frame;
    }

    /// <summary>Gives out what is certain by now, or was held long enough, in the order of the queue.</summary>
    private void Release(ulong time, List<CapturedFrame> output)
    {
        while (_held.TryPeek(out HeldFrame? first))
        {
            bool isKnown = first.IsCertain || first.IsLost;
            if (!isKnown && time <= first.Frame.Time + HoldTime)
                return;

            _held.Dequeue();
            if (!isKnown)
                _uncertain.Remove(first.Place);

            if (first.IsLost)
                CountLost(1);
            else
                Give(first.Frame, output);
        }
    }

    /// <summary>Where the packet itself begins; a header may lie at a place of its own, always the same.</summary>
    private ulong? PlaceOf(DescriptorChain chain) => chain.AddressOf((ulong)HeaderSize, false);

    private sealed class HeldFrame(CapturedFrame frame, ulong place)
    {
        public CapturedFrame Frame => frame;

        public ulong Place => place;

        public bool IsCertain { get; set; }

        public bool IsLost { get; set; }
    }

    private sealed record Packet(DescriptorChain Chain, byte[] Bytes, bool IsCertain, string? Problem);
}
