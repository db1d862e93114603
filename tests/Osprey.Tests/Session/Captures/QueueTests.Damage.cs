using Osprey.Session.Captures;
using Osprey.Session.Captures.Rings;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Tests.Session.Captures;

/// <content>Rings that are damaged, by hand and at random.</content>
public sealed partial class QueueTests
{
    [Fact]
    public void Damaged_Chains_AreMalformedAndSaid()
    {
        (RingModel ring, QueueFollower queue) = Transmit();
        ring.SetDescriptor(0, Buffers, 100, RingModel.Next, 1); // a circle
        ring.SetDescriptor(1, Buffers, 100, RingModel.Next, 0);
        ring.SetDescriptor(2, 0xffff_ffff_ffff_f000, 100);
        ring.SetDescriptor(3, Buffers, int.MaxValue);
        ring.SetDescriptor(4, Buffers, 17, RingModel.Indirect);
        ring.SetDescriptor(5, Buffers, 100, RingModel.Next, 999);
        ring.SetDescriptor(6, Buffers, 5);
        foreach (int head in (int[])[0, 2, 3, 4, 5, 6, 77])
        {
            ring.Offer(head);
            Poll(queue);
        }

        Assert.Empty(_output);
        Assert.Equal(new QueueCounts(0, 0, 0, 7), queue.Counts);
        Assert.Equal(
            [
                "queue 1 of net0: a chain of descriptors without an end",
                "queue 1 of net0: a packet that is not in the guest's memory",
                "queue 1 of net0: a packet of 2147483647 bytes",
                "queue 1 of net0: an indirect table of 17 bytes",
                "queue 1 of net0: descriptor 999 of 8",
                "queue 1 of net0: 5 bytes that are no packet",
                "queue 1 of net0: descriptor 77 of 8",
            ],
            queue.Defects
        );
    }

    [Fact]
    public void Indices_ThatMakeNoSense_AreSaidAndBounded()
    {
        (RingModel ring, QueueFollower queue) = Transmit();
        WriteUInt16LittleEndian(_memory.Bytes.AsSpan((int)ring.Queue.Available + 2), 5000);
        Poll(queue);
        Assert.True(queue.IsSuspicious);
        Assert.Equal(
            ["queue 1 of net0: its indices make no sense: 5000 available, 0 used, 8 in the ring"],
            queue.Defects
        );
        Assert.Equal(0, queue.Counts.Total);
    }

    /// <summary>Whatever stands in the rings: no exception, and no more packets than the indices moved.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Rings_OfAnyBytes_AreBounded(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 400; round++)
        {
            _output.Clear();
            random.NextBytes(_memory.Bytes.AsSpan(0x40000, 0x2000));
            (RingModel sent, QueueFollower transmit) = Transmit();
            (RingModel received, QueueFollower receive) = Receive(merges: round % 2 == 0, offered: 8);
            long most = 0;
            for (int step = 0; step < 12; step++)
            {
                foreach (RingModel ring in (RingModel[])[sent, received])
                {
                    Damage(random, ring);
                    most += Step(random, ring);
                }

                Poll(transmit);
                Poll(receive);
            }

            transmit.Finish(_output);
            Assert.InRange(transmit.Counts.Total + receive.Counts.Total, 0, most);
            Assert.Equal(_output.Count, transmit.Counts.Captured + receive.Counts.Captured);
            Assert.All(_output, frame => Assert.InRange(frame.Bytes.Length, 1, 256 << 10));
        }
    }

    private static long Step(Random random, RingModel ring)
    {
        int count = random.Next(0, 12);
        for (int i = 0; i < count; i++)
            ring.Offer(random.Next(0, 10));

        for (int i = 0; i < count; i++)
            ring.GiveBack((uint)random.Next(0, 10), random.Next(0, 3000));

        // What is put in and what is given back are one packet, in a queue that is whole.
        return 2 * count;
    }

    private void Damage(Random random, RingModel ring)
    {
        for (int i = random.Next(0, 6); i > 0; i--)
        {
            ulong[] flags = [0, RingModel.Next, RingModel.Write, RingModel.Indirect, 0xffff];
            ulong[] places = [Buffers, 0x10000, 0, ulong.MaxValue - 3, RingMemory.Size - 5];
            ring.SetEntry(
                ring.Queue.Descriptors + (ulong)(16 * random.Next(8)),
                places[random.Next(places.Length)],
                (uint)random.NextInt64(0, random.Next(2) == 0 ? 4000 : uint.MaxValue),
                (ushort)flags[random.Next(flags.Length)],
                random.Next(0, 12)
            );
        }

        if (random.Next(10) == 0)
            random.NextBytes(_memory.Bytes.AsSpan((int)ring.Queue.Descriptors, 64));
    }
}
