using Osprey.Packets;
using Osprey.Session.Captures;
using Osprey.Session.Captures.Rings;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Tests.Session.Captures;

/// <summary>Follows queues that a test drives, in a memory of ours.</summary>
public sealed partial class QueueTests
{
    private const int HeaderSize = 12;
    private const ulong Buffers = 0x40000;

    private readonly RingMemory _memory = new();
    private readonly List<CapturedFrame> _output = [];
    private ulong _time = 1_000_000_000;

    [Fact]
    public void Transmit_BeforeTheDeviceTakesIt_IsCertain()
    {
        (RingModel ring, QueueFollower queue) = Transmit();
        byte[] wrong = CapturedFrames.Udp(1);
        wrong[50] ^= 1; // the driver sent it so
        Send(ring, 0, wrong);
        Poll(queue);
        ring.GiveBack(0);
        Poll(queue);
        CapturedFrame frame = Assert.Single(_output);
        Assert.Equal((PacketDirection.Outbound, false), (frame.Direction, frame.IsUnverified));
        Assert.Equal(wrong, frame.Bytes.ToArray());
        Assert.Equal(new QueueCounts(1, 0, 0, 0), queue.Counts);
    }

    [Fact]
    public void Transmit_ReadLate_IsTakenByItsChecksum()
    {
        (RingModel ring, QueueFollower queue) = Transmit();
        byte[] damaged = CapturedFrames.Udp(2);
        damaged[^1] ^= 0x40;
        byte[][] frames = [CapturedFrames.Udp(1), damaged, CapturedFrames.Arp(), CapturedFrames.Udp(3, 1401)];
        for (int i = 0; i < frames.Length; i++)
        {
            Send(ring, i, frames[i]);
            ring.GiveBack((uint)i);
        }

        Poll(queue);
        queue.Finish(_output);
        Assert.Equal([frames[0], frames[2], frames[3]], _output.Select(frame => frame.Bytes.ToArray()));
        Assert.Equal([false, true, false], _output.Select(frame => frame.IsUnverified));
        Assert.Equal(new QueueCounts(3, 1, 1, 0), queue.Counts);
    }

    /// <summary>The memory of a packet that was sent holds the next one already, which is yet to be put in.</summary>
    [Fact]
    public void Transmit_OfMemoryThatIsUsedAgain_IsNotTakenTwice()
    {
        (RingModel ring, QueueFollower queue) = Transmit();
        Send(ring, 0, CapturedFrames.Udp(1));
        ring.GiveBack(0);
        byte[] second = CapturedFrames.Udp(2);
        ring.Put(Buffers + HeaderSize, second);
        Poll(queue);
        Assert.NotNull(queue.HeldSince);
        Send(ring, 0, second);
        Poll(queue);
        Assert.Equal(second, Assert.Single(_output).Bytes.ToArray());
        Assert.Equal(new QueueCounts(1, 0, 1, 0), queue.Counts);
    }

    [Fact]
    public void Transmit_OfMemoryThatIsUsedAgain_IsKnownWhenOthersComeBetween()
    {
        (RingModel ring, QueueFollower queue) = Transmit();
        Send(ring, 0, CapturedFrames.Udp(1));
        ring.GiveBack(0);
        byte[] second = CapturedFrames.Udp(2);
        ring.Put(Buffers + HeaderSize, second);
        Poll(queue);
        byte[] between = CapturedFrames.Udp(3);
        Send(ring, 1, between);
        Poll(queue);
        Assert.Empty(_output); // behind the one that is held
        Send(ring, 0, second);
        Poll(queue);
        Assert.Equal([between, second], _output.Select(frame => frame.Bytes.ToArray()));
        Assert.Equal(new QueueCounts(2, 0, 1, 0), queue.Counts);
    }

    [Fact]
    public void Transmit_Held_IsGivenOutSoon()
    {
        (RingModel ring, QueueFollower queue) = Transmit();
        Send(ring, 0, CapturedFrames.Udp(1));
        ring.GiveBack(0);
        Poll(queue);
        Assert.Empty(_output);
        _time += 10_000_000;
        Poll(queue);
        Assert.Empty(_output);
        _time += 200_000_000;
        Poll(queue);
        Assert.Single(_output);
    }

    /// <summary>All that the indices count is captured or lost, whatever was used again meanwhile.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(100)]
    public void Transmit_OfManyBetweenLooks_CountsEachOnce(int count)
    {
        (RingModel ring, QueueFollower queue) = Transmit(size: 8, from: 65_530);
        for (int i = 0; i < count; i++)
        {
            Send(ring, i % 8, CapturedFrames.Udp(i));
            ring.GiveBack((uint)(i % 8));
        }

        Poll(queue);
        queue.Finish(_output);
        int kept = Math.Min(count, 8);
        Assert.Equal(new QueueCounts(kept, 0, count - kept, 0), queue.Counts);
        Assert.Equal(
            Enumerable.Range(count - kept, kept).Select(i => CapturedFrames.Udp(i)),
            _output.Select(frame => frame.Bytes.ToArray())
        );
    }

    [Fact]
    public void Transmit_InPartsAndIndirect_IsPutTogether()
    {
        (RingModel ring, QueueFollower queue) = Transmit();
        byte[] frame = CapturedFrames.Udp(7, 200);
        ring.Put(Buffers, new byte[HeaderSize]);
        ring.Put(Buffers + 0x100, frame.AsSpan(0, 50));
        ring.Put(Buffers + 0x200, frame.AsSpan(50));
        ring.SetDescriptor(0, Buffers, HeaderSize, RingModel.Next, 5);
        ring.SetDescriptor(5, Buffers + 0x100, 50, RingModel.Next, 3);
        ring.SetDescriptor(3, Buffers + 0x200, frame.Length - 50);
        ring.Offer(0);
        const ulong Table = 0x30000;
        ring.SetEntry(Table, Buffers, HeaderSize, RingModel.Next, 1);
        ring.SetEntry(Table + 16, Buffers + 0x100, 50, RingModel.Next, 2);
        ring.SetEntry(Table + 32, Buffers + 0x200, (uint)(frame.Length - 50), 0, 0);
        ring.SetDescriptor(1, Table, 48, RingModel.Indirect);
        Poll(queue);
        ring.Offer(1);
        Poll(queue);
        Assert.Equal([frame, frame], _output.Select(item => item.Bytes.ToArray()));
    }

    [Fact]
    public void Receive_OfDescriptorsThatAreUsedAgain_IsReadWhereItWasOffered()
    {
        (RingModel ring, QueueFollower queue) = Receive(merges: false);
        Offer(ring, 0, Buffers);
        Poll(queue);
        byte[] frame = CapturedFrames.Udp(1);
        Deliver(ring, Buffers, frame, 1);
        ring.GiveBack(0, HeaderSize + frame.Length);
        Offer(ring, 0, Buffers + 0x1000); // the same descriptor, other memory
        Poll(queue);
        Assert.Equal(frame, Assert.Single(_output).Bytes.ToArray());
        Deliver(ring, Buffers + 0x1000, CapturedFrames.Udp(2), 1);
        ring.GiveBack(0, HeaderSize + frame.Length);
        Poll(queue);
        Assert.Equal(CapturedFrames.Udp(2), _output[1].Bytes.ToArray());
        Assert.Equal(new QueueCounts(2, 0, 0, 0), queue.Counts);
    }

    [Fact]
    public void Receive_OfWhatWasOfferedBefore_IsCaptured()
    {
        (RingModel ring, QueueFollower queue) = Receive(merges: false, offered: 8, isStarted: false);
        Poll(queue);
        byte[] frame = CapturedFrames.Udp(1);
        Deliver(ring, Buffers + (3 * 0x800), frame, 1);
        ring.GiveBack(3, HeaderSize + frame.Length); // out of order
        Poll(queue);
        Assert.Equal((PacketDirection.Inbound, 0), (_output[0].Direction, _output[0].Queue));
        Assert.Equal(frame, Assert.Single(_output).Bytes.ToArray());
    }

    [Fact]
    public void Receive_IntoMergedBuffers_IsPutTogether()
    {
        (RingModel ring, QueueFollower queue) = Receive(merges: true, offered: 8, isStarted: false, bufferSize: 100);
        Poll(queue);
        byte[] frame = CapturedFrames.Udp(1, 200);
        byte[] all = [.. new byte[HeaderSize], .. frame];
        WriteUInt16LittleEndian(all.AsSpan(10), 3);
        int[] sizes = [100, 100, all.Length - 200];
        for (int i = 0; i < 3; i++)
            ring.Put(Buffers + (ulong)(i * 0x800), all.AsSpan(i * 100, sizes[i]));

        byte[] small = CapturedFrames.Udp(2, 20);
        Deliver(ring, Buffers + (3 * 0x800), small, 1);
        ring.GiveBack([(0, 100), (1, 100), (2, sizes[2]), (3, HeaderSize + small.Length)]);
        Poll(queue);
        Assert.Equal([frame, small], _output.Select(item => item.Bytes.ToArray()));
        Assert.Equal(new QueueCounts(2, 0, 0, 0), queue.Counts);
    }

    [Fact]
    public void Receive_Overwritten_IsLost()
    {
        (RingModel ring, QueueFollower queue) = Receive(merges: true, offered: 8, isStarted: false);
        Poll(queue);
        byte[] frame = CapturedFrames.Udp(1);
        Deliver(ring, Buffers, frame, 1);
        ring.Put(Buffers, "something else that is no header"u8);
        Deliver(ring, Buffers + 0x800, frame, 1);
        ring.GiveBack([(0, HeaderSize + frame.Length), (1, HeaderSize + frame.Length)]);
        Poll(queue);
        Assert.Single(_output);
        Assert.Equal(new QueueCounts(1, 0, 1, 0), queue.Counts);
        Assert.Empty(queue.Defects);
    }

    /// <summary>More than the ring holds between two looks: counted, and all is well from then on.</summary>
    [Fact]
    public void Receive_RoundTheRing_CountsWhatIsGone()
    {
        (RingModel ring, QueueFollower queue) = Receive(merges: true, offered: 8, isStarted: false);
        Poll(queue);
        byte[] frame = CapturedFrames.Udp(1);
        for (int i = 0; i < 20; i++)
        {
            Deliver(ring, Buffers + (ulong)(i % 8 * 0x800), frame, 1);
            ring.GiveBack((uint)(i % 8), HeaderSize + frame.Length);
            Offer(ring, i % 8, Buffers + (ulong)(i % 8 * 0x800));
        }

        Poll(queue);
        Assert.Equal(new QueueCounts(0, 0, 20, 0), queue.Counts);
        Deliver(ring, Buffers + (4 * 0x800), frame, 1);
        ring.GiveBack(4, HeaderSize + frame.Length);
        Poll(queue);
        Assert.Equal(new QueueCounts(1, 0, 20, 0), queue.Counts);
    }

    [Fact]
    public void Vsock_OfBothDirections_HasVsockmonsHeader()
    {
        var device = new CaptureDevice("vsock0", CaptureDeviceKind.Vsock, 0, false, [], []);
        RingModel ring = RingModel.At(_memory, 1, 8, 0x10000);
        var queue = new TransmitFollower(new SplitRing(_memory, ring.Queue), device, 0);
        Poll(queue);
        byte[] packet = CapturedFrames.Vsock(3, 2, "hello"u8.ToArray());
        ring.Put(Buffers, packet);
        ring.SetDescriptor(0, Buffers, 44, RingModel.Next, 1);
        ring.SetDescriptor(1, Buffers + 44, 5);
        ring.Offer(0);
        Poll(queue);
        ReadOnlyMemory<byte> frame = Assert.Single(_output).Bytes;
        Assert.Equal(
            "3:1024 > host:5000 data, 5 bytes, buf_alloc 262144, fwd_cnt 0; credit unknown",
            new FrameWords().Describe(frame, CaptureDeviceKind.Vsock, 0)
        );
        Assert.Equal(packet, frame[32..].ToArray());
    }

    private (RingModel, QueueFollower) Transmit(int size = 8, ushort from = 0)
    {
        RingModel ring = RingModel.At(_memory, 1, size, 0x10000).From(from);
        var queue = new TransmitFollower(new SplitRing(_memory, ring.Queue), Device(merges: true), 0);
        Poll(queue);
        return (ring, queue);
    }

    private (RingModel, QueueFollower) Receive(
        bool merges,
        int offered = 0,
        bool isStarted = true,
        int bufferSize = 0x800
    )
    {
        RingModel ring = RingModel.At(_memory, 0, 8, 0x20000).From(0);
        for (int i = 0; i < offered; i++)
            Offer(ring, i, Buffers + (ulong)(i * 0x800), bufferSize);

        var queue = new ReceiveFollower(new SplitRing(_memory, ring.Queue), Device(merges), 0);
        if (isStarted)
            Poll(queue);

        return (ring, queue);
    }

    private static CaptureDevice Device(bool merges) =>
        new("net0", CaptureDeviceKind.Network, HeaderSize, merges, [], []);

    private static void Send(RingModel ring, int descriptor, byte[] frame)
    {
        ulong place = Buffers + (ulong)(descriptor * 0x800);
        ring.Put(place, new byte[HeaderSize]);
        ring.Put(place + HeaderSize, frame);
        ring.SetDescriptor(descriptor, place, HeaderSize + frame.Length);
        ring.Offer(descriptor);
    }

    private static void Offer(RingModel ring, int descriptor, ulong place, int size = 0x800)
    {
        ring.SetDescriptor(descriptor, place, size, RingModel.Write);
        ring.Offer(descriptor);
    }

    private static void Deliver(RingModel ring, ulong place, byte[] frame, ushort buffers)
    {
        byte[] header = new byte[HeaderSize];
        WriteUInt16LittleEndian(header.AsSpan(10), buffers);
        ring.Put(place, header);
        ring.Put(place + HeaderSize, frame);
    }

    private void Poll(QueueFollower queue) => queue.Poll(_time++, _output);
}
