using Osprey.Session.Captures;
using Osprey.Session.Captures.Rings;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Tests.Session.Captures;

/// <summary>Follows packed queues that a test drives, in a memory of ours.</summary>
public sealed class PackedQueueTests
{
    private const int HeaderSize = 12;
    private const ulong Ring = 0x10000;
    private const ulong Buffers = 0x40000;

    private readonly RingMemory _memory = new();
    private readonly List<CapturedFrame> _output = [];
    private ulong _time = 1_000_000_000;

    [Fact]
    public void Transmit_BeforeTheDeviceTakesIt_IsCertain()
    {
        (PackedRingModel ring, QueueFollower queue) = Transmit();
        byte[] wrong = CapturedFrames.Udp(1);
        wrong[50] ^= 1; // the driver sent it so
        Send(ring, 0, wrong);
        Poll(queue);
        ring.GiveBack(0);
        Poll(queue);
        Assert.Equal(wrong, Assert.Single(_output).Bytes.ToArray());
        Assert.Equal(new QueueCounts(1, 0, 0, 0), queue.Counts);
    }

    /// <summary>A descriptor that was written over has no length, and its memory may hold a newer packet.</summary>
    [Fact]
    public void Transmit_GivenBackBeforeItWasSeen_IsLost()
    {
        (PackedRingModel ring, QueueFollower queue) = Transmit();
        for (ushort i = 0; i < 3; i++)
        {
            Send(ring, i, CapturedFrames.Udp(i));
            ring.GiveBack(i);
        }

        Send(ring, 3, CapturedFrames.Udp(3));
        Poll(queue);
        ring.GiveBack(3);
        Poll(queue);
        Assert.Equal(CapturedFrames.Udp(3), Assert.Single(_output).Bytes.ToArray());
        Assert.Equal(new QueueCounts(1, 0, 3, 0), queue.Counts);
    }

    /// <summary>A driver gives the number that came back last to the next packet.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(7)]
    public void Transmit_OfOneNumber_CountsEach(int size)
    {
        (PackedRingModel ring, QueueFollower queue) = Transmit(size);
        for (int i = 0; i < 40; i++)
        {
            Send(ring, 5, CapturedFrames.Udp(i), i % size);
            if (i % 3 == 2)
                Poll(queue); // this one is seen; the two before it were given back

            ring.GiveBack(5);
        }

        Poll(queue);
        queue.Finish(_output);
        Assert.Equal(new QueueCounts(13, 0, 27, 0), queue.Counts);
        Assert.Equal(
            Enumerable.Range(0, 13).Select(i => CapturedFrames.Udp((3 * i) + 2)),
            _output.Select(frame => frame.Bytes.ToArray())
        );
    }

    [Fact]
    public void Transmit_RoundTheRing_IsSaid()
    {
        (PackedRingModel ring, QueueFollower queue) = Transmit();
        for (int i = 0; i < 12; i++)
        {
            Send(ring, 1, CapturedFrames.Udp(i), i % 8);
            ring.GiveBack(1);
        }

        Poll(queue);
        Assert.Equal(9, queue.Counts.Lost);
        Assert.StartsWith("queue 1 of net0: its ring, which has no counters, went round", Assert.Single(queue.Notes));
        Send(ring, 1, CapturedFrames.Udp(12), 4);
        Poll(queue);
        ring.GiveBack(1);
        Poll(queue);
        Assert.Equal(CapturedFrames.Udp(12), Assert.Single(_output).Bytes.ToArray());
        Assert.Equal(new QueueCounts(1, 0, 9, 0), queue.Counts);
        Assert.Empty(queue.Defects);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Transmit_InSeveralDescriptors_IsPutTogether(bool isSeenFirst)
    {
        (PackedRingModel ring, QueueFollower queue) = Transmit(size: 7, mayBeIndirect: false);
        for (int i = 0; i < 9; i++)
        {
            byte[] frame = CapturedFrames.Udp(i, 200);
            ring.Put(Buffers, new byte[HeaderSize]);
            ring.Put(Buffers + 0x100, frame.AsSpan(0, 50));
            ring.Put(Buffers + 0x200, frame.AsSpan(50));
            ring.Offer(3, (Buffers, HeaderSize, 0), (Buffers + 0x100, 50, 0), (Buffers + 0x200, frame.Length - 50, 0));
            if (isSeenFirst)
                Poll(queue);

            ring.GiveBack(3);
            Poll(queue);
        }

        queue.Finish(_output);
        Assert.Equal(isSeenFirst ? new QueueCounts(9, 0, 0, 0) : new QueueCounts(0, 0, 9, 0), queue.Counts);
    }

    /// <summary>What was offered before the capture began is known, wherever both sides are in the ring.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(16)]
    public void Receive_FromTheMiddle_IsCaptured(int before)
    {
        (PackedRingModel ring, QueueFollower queue) = Receive(offered: 8);
        for (int i = 0; i < before; i++)
        {
            ring.GiveBack((ushort)(i % 8), 100);
            Offer(ring, (ushort)(i % 8));
        }

        ring.GiveBack((ushort)(before % 8), 100); // and not taken by the driver
        Poll(queue);
        for (int i = before + 1; i < before + 20; i++)
        {
            Deliver(ring, (ushort)(i % 8), CapturedFrames.Udp(i));
            Poll(queue);
            Offer(ring, (ushort)((i - 1) % 8));
        }

        Assert.Equal(new QueueCounts(19, 0, 0, 0), queue.Counts);
        Assert.Equal(
            Enumerable.Range(before + 1, 19).Select(i => CapturedFrames.Udp(i)),
            _output.Select(frame => frame.Bytes.ToArray())
        );
    }

    /// <summary>A driver that offers the next buffer overwrites how long the packet was.</summary>
    [Fact]
    public void Receive_OfferedAgainBeforeItWasSeen_IsLost()
    {
        (PackedRingModel ring, QueueFollower queue) = Receive(offered: 8);
        Poll(queue);
        byte[][] frames = [.. Enumerable.Range(0, 6).Select(i => CapturedFrames.Udp(i, 40 + i))];
        for (ushort i = 0; i < frames.Length; i++)
            Deliver(ring, i, frames[i]);

        for (ushort i = 0; i < 4; i++)
            Offer(ring, i, Buffers + 0x8000 + (ulong)(i * 0x800));

        Poll(queue);
        Assert.Equal(new QueueCounts(2, 0, 4, 0), queue.Counts);
        Assert.Equal(frames[4..], _output.Select(frame => frame.Bytes.ToArray()));
    }

    /// <summary>However often it is looked, and whatever is in one look: each packet is captured or counted.</summary>
    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 7)]
    [InlineData(3, 64)]
    [InlineData(4, 2)]
    public void Queues_OfRandomSteps_CountEachPacketOnce(int seed, int size)
    {
        var random = new Random(seed);
        (PackedRingModel sending, QueueFollower transmit) = Transmit(size);
        (PackedRingModel receiving, QueueFollower receive) = Receive(offered: size, size);
        Poll(receive);
        var inFlight = new Queue<ushort>();
        var taken = new Queue<ushort>();
        int sent = 0;
        int received = 0;
        for (int step = 0; step < 2000; step++)
        {
            // Fewer steps between two looks than the ring has places.
            for (int i = random.Next(0, size); i > 0; i--)
            {
                if (random.Next(2) == 0 && sending.HasRoom(1))
                {
                    Send(sending, (ushort)sent, CapturedFrames.Udp(sent), sent % size);
                    inFlight.Enqueue((ushort)sent++);
                }
                else if (inFlight.TryDequeue(out ushort id))
                    sending.GiveBack(id);

                if (random.Next(2) == 0 && taken.Count < size)
                {
                    ushort buffer = (ushort)(received % size);
                    Deliver(receiving, buffer, CapturedFrames.Udp(received++));
                    taken.Enqueue(buffer);
                }
                else if (taken.TryDequeue(out ushort buffer))
                    Offer(receiving, buffer);
            }

            Poll(transmit);
            Poll(receive);
        }

        transmit.Finish(_output);
        Assert.Equal((sent, received), (transmit.Counts.Total, receive.Counts.Total));
        Assert.Empty(transmit.Notes.Concat(receive.Notes).Concat(transmit.Defects).Concat(receive.Defects));
        Assert.Equal(transmit.Counts.Captured + receive.Counts.Captured, _output.Count);
        foreach (int number in (int[])[0, 1])
        {
            int next = 0;
            foreach (CapturedFrame frame in _output.Where(frame => frame.Queue == number))
            {
                while (!frame.Bytes.Span.SequenceEqual(CapturedFrames.Udp(next)))
                    next++;

                next++;
            }
        }
    }

    [Fact]
    public void Damaged_Chains_AreMalformedAndSaid()
    {
        (PackedRingModel ring, QueueFollower queue) = Transmit();
        ring.Offer(0, (0xffff_ffff_ffff_f000, 100, 0));
        ring.Offer(1, (Buffers, int.MaxValue, 0));
        ring.Offer(2, (Buffers, 17, PackedRingModel.Indirect));
        ring.Offer(3, (Buffers + 0x100, 5, 0));
        ring.Offer(4, (Buffers + 0x200, 100, PackedRingModel.Next)); // the next one is of the round before
        Poll(queue);
        Assert.Empty(_output);
        Assert.Equal(new QueueCounts(0, 0, 0, 5), queue.Counts);
        Assert.Equal(
            [
                "queue 1 of net0: a packet that is not in the guest's memory",
                "queue 1 of net0: a packet of 2147483647 bytes",
                "queue 1 of net0: an indirect table of 17 bytes",
                "queue 1 of net0: 5 bytes that are no packet",
                "queue 1 of net0: a chain of descriptors without an end",
            ],
            queue.Defects
        );
    }

    /// <summary>Whatever stands in the ring: no exception, and an end.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Rings_OfAnyBytes_AreBounded(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 300; round++)
        {
            _output.Clear();
            random.NextBytes(_memory.Bytes.AsSpan((int)Ring, 0x200));
            random.NextBytes(_memory.Bytes.AsSpan((int)Buffers, 0x2000));
            QueueFollower transmit = Transmit(random.Next(1, 20), round % 2 == 0).Queue;
            QueueFollower receive = Receive(0, random.Next(1, 20)).Queue;
            for (int step = 0; step < 30; step++)
            {
                int place = (int)Ring + random.Next(0, 0x200);
                random.NextBytes(_memory.Bytes.AsSpan(place, random.Next(1, 40)));
                if (random.Next(2) == 0)
                {
                    place = (int)Ring + (16 * random.Next(0, 20));
                    WriteUInt64LittleEndian(_memory.Bytes.AsSpan(place), Buffers + (ulong)random.Next(0, 0x2000));
                    WriteUInt32LittleEndian(_memory.Bytes.AsSpan(place + 8), (uint)random.Next(0, 200));
                }

                Poll(transmit);
                Poll(receive);
            }

            transmit.Finish(_output);
            Assert.Equal(_output.Count, transmit.Counts.Captured + receive.Counts.Captured);
            Assert.All(_output, frame => Assert.InRange(frame.Bytes.Length, 1, 256 << 10));
        }
    }

    private (PackedRingModel Ring, QueueFollower Queue) Transmit(int size = 8, bool mayBeIndirect = true)
    {
        Virtqueue place = new(1, size, Ring, 0, 0) { IsPacked = true, MayBeIndirect = mayBeIndirect };
        var queue = new TransmitFollower(VirtqueueRing.Create(_memory, place, false), Device(), 0);
        Poll(queue);
        return (new PackedRingModel(_memory, place), queue);
    }

    private (PackedRingModel Ring, QueueFollower Queue) Receive(int offered, int size = 8)
    {
        Virtqueue place = new(0, size, Ring + 0x1000, 0, 0) { IsPacked = true, MayBeIndirect = true };
        var ring = new PackedRingModel(_memory, place);
        for (ushort i = 0; i < offered; i++)
            Offer(ring, i);

        return (ring, new ReceiveFollower(VirtqueueRing.Create(_memory, place, true), Device(), 0));
    }

    private static CaptureDevice Device() => new("net0", CaptureDeviceKind.Network, HeaderSize, false, [], []);

    private static void Send(PackedRingModel ring, ushort id, byte[] frame, int? buffer = null)
    {
        ulong place = Buffers + 0x20000 + (ulong)((buffer ?? id) * 0x800);
        ring.Put(place, new byte[HeaderSize]);
        ring.Put(place + HeaderSize, frame);
        ring.Offer(id, (place, HeaderSize + frame.Length, 0));
    }

    private static void Offer(PackedRingModel ring, ushort id, ulong? place = null) =>
        ring.Offer(id, (place ?? Buffers + (ulong)(id * 0x800), 0x800, PackedRingModel.Write));

    private static void Deliver(PackedRingModel ring, ushort id, byte[] frame)
    {
        ring.Put(Buffers + (ulong)(id * 0x800), [.. new byte[HeaderSize], .. frame]);
        ring.GiveBack(id, HeaderSize + frame.Length);
    }

    private void Poll(QueueFollower queue) => queue.Poll(_time++, _output);
}
