using System.Globalization;
using Osprey.Packets;

namespace Osprey.Session.Captures.Rings;

/// <summary>Follows a queue of packets that go out: buffers that the driver fills and the device reads.</summary>
/// <remarks>
/// A packet that was read after the device gave its buffer back may be a newer one, which the driver was writing to the
/// same memory and had not put in yet. That one is put in very soon. So such a packet is held back until the next ones
/// come, or for a moment, and is lost when one of these has the same bytes at the same place.
/// </remarks>
internal sealed class TransmitFollower(SplitRing ring, CaptureDevice device, int deviceIndex)
    : QueueFollower(ring, device, deviceIndex, PacketDirection.Outbound)
{
    private const ulong HoldTime = 5_000_000; // nanoseconds

    private readonly List<(CapturedFrame Frame, ulong Place, bool IsCertain)> _held = [];

    /// <inheritdoc/>
    public override ulong? HeldSince => _held.Count > 0 ? _held[0].Frame.Time : null;

    /// <inheritdoc/>
    public override void Finish(List<CapturedFrame> output)
    {
        foreach ((CapturedFrame frame, _, _) in _held)
            Give(frame, output);

        _held.Clear();
    }

    /// <inheritdoc/>
    protected override bool Take(int newAvailable, int newUsed, ulong time, List<CapturedFrame> output)
    {
        Used = Advance(Used, newUsed);
        if (newAvailable == 0)
        {
            if (HeldSince is { } since && time > since + HoldTime)
                Finish(output);

            return newUsed > 0;
        }

        ushort first = Available;
        Available = Advance(Available, newAvailable);
        int gone = Math.Max(0, newAvailable - Ring.Queue.Size);
        CountLost(gone);
        var taken = new List<(CapturedFrame Frame, ulong Place, bool IsCertain)>();
        TakePackets(Advance(first, gone), newAvailable - gone, time, taken);
        ReleaseHeld(taken, output);
        _held.AddRange(taken);
        if (_held.TrueForAll(item => item.IsCertain))
            Finish(output);

        return true;
    }

    private void TakePackets(ushort first, int count, ulong time, List<(CapturedFrame, ulong, bool)> taken)
    {
        if (!(Ring.TryReadAvailable() & Ring.TryReadDescriptors()))
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
            DescriptorChain chain = Ring.Follow(Ring.GetHead(Advance(first, i)));
            bool isIntact = Claim(chain, owned);
            if (PlaceOf(chain) is { } place)
                isIntact &= places.Add(place);

            chains[i] = isIntact ? chain : null;
        }

        for (int i = 0; i < count; i++)
        {
            if (chains[i] is { } chain)
                TakePacket(chain, Advance(first, i), time, taken);
            else
                CountLost(1);
        }
    }

    private void TakePacket(
        DescriptorChain chain,
        ushort position,
        ulong time,
        List<(CapturedFrame, ulong, bool)> taken
    )
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

        bool isMalformed = false;
        CapturedFrame? frame = problem is null ? Make(bytes, isCertain, time, out isMalformed) : null;
        if (frame is not null)
            taken.Add((frame, PlaceOf(chain) ?? 0, isCertain));
        else if (isCertain || isMalformed)
            CountMalformed(problem ?? string.Create(CultureInfo.InvariantCulture, $"{size} bytes that are no packet"));
        else
            CountLost(1); // its descriptors may have been used again meanwhile
    }

    /// <summary>Gives out what was held, without what turns out to be a newer packet.</summary>
    private void ReleaseHeld(List<(CapturedFrame Frame, ulong Place, bool IsCertain)> newer, List<CapturedFrame> output)
    {
        foreach ((CapturedFrame frame, ulong place, bool isCertain) in _held)
        {
            if (
                !isCertain
                && newer.Exists(item => item.Place == place && item.Frame.Bytes.Span.SequenceEqual(frame.Bytes.Span))
            )
                CountLost(1);
            else
                Give(frame, output);
        }

        _held.Clear();
    }

    /// <summary>Where the packet itself begins; a header may lie at a place of its own, always the same.</summary>
    private ulong? PlaceOf(DescriptorChain chain) => chain.AddressOf((ulong)HeaderSize, false);
}
