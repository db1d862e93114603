using System.Globalization;
using Osprey.Packets;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Session.Captures.Rings;

/// <summary>Follows a queue of packets that come in: buffers that the driver offers and the device fills.</summary>
/// <remarks>
/// A driver that takes a filled buffer may at once use its descriptors for another. So descriptors are read when a
/// buffer is offered, long before it is filled as a rule, and kept until the device gives it back.
/// </remarks>
internal sealed class ReceiveFollower(VirtqueueRing ring, CaptureDevice device, int deviceIndex)
    : QueueFollower(ring, device, deviceIndex, PacketDirection.Inbound)
{
    private const int BufferCountOffset = 10; // num_buffers of struct virtio_net_hdr

    // For each first descriptor, the buffers that were offered with it and are not back yet. Null: not known any more.
    private readonly Dictionary<uint, Queue<DescriptorChain?>> _offered = [];
    private int _offeredCount;

    /// <inheritdoc/>
    protected override void Start() => ReadOffered(Used, Distance(Used, Available));

    /// <inheritdoc/>
    protected override bool Take(int newAvailable, int newUsed, ulong time, List<CapturedFrame> output)
    {
        if (newAvailable == 0 && newUsed == 0)
            return false;

        ushort firstUsed = Used;
        ushort firstAvailable = Available;
        Used = Advance(Used, newUsed);
        Available = Advance(Available, newAvailable);
        if (newAvailable > Ring.Queue.Size || newUsed > Ring.Queue.Size)
        {
            // The rings went round: nothing of it is left but what is offered now.
            CountLost(newUsed);
            Restart();
            return true;
        }

        if (newAvailable > 0)
            ReadOffered(firstAvailable, newAvailable);

        if (newUsed > 0)
            TakeFilled(firstUsed, newUsed, time, output);

        // No more can be offered than the ring holds, unless what is given back is not what was offered.
        if (_offeredCount > 2 * Ring.Queue.Size)
            Restart();

        return true;
    }

    private void Restart()
    {
        _offered.Clear();
        _offeredCount = 0;
        Start();
    }

    /// <summary>Reads the buffers that were offered, from a position on.</summary>
    private void ReadOffered(ushort first, int count)
    {
        if (count == 0)
            return;

        bool isRead = Ring.TryReadAvailable();
        if (!isRead)
            AddDefect("its descriptors can't be read");

        var chains = new DescriptorChain?[count];
        var owned = new HashSet<ushort>();
        for (int i = count - 1; isRead && i >= 0; i--)
        {
            if (Ring.GetBuffer(Advance(first, i)) is { } chain && Claim(chain, owned))
                chains[i] = chain;
        }

        for (int i = 0; isRead && i < count; i++)
        {
            uint head = Ring.GetHead(Advance(first, i));
            if (!_offered.TryGetValue(head, out Queue<DescriptorChain?>? queue))
                _offered.Add(head, queue = new Queue<DescriptorChain?>());

            queue.Enqueue(chains[i]);
            _offeredCount++;
        }
    }

    private void TakeFilled(ushort first, int count, ulong time, List<CapturedFrame> output)
    {
        if (!Ring.TryReadUsed())
        {
            AddDefect("its used ring can't be read");
            CountLost(count);
            return;
        }

        var buffers = new FilledBuffer[count];
        for (int i = 0; i < count; i++)
        {
            (uint head, uint length) = Ring.GetUsed(Advance(first, i));
            DescriptorChain? chain = null;
            bool isKnown =
                _offered.TryGetValue(head, out Queue<DescriptorChain?>? queue) && queue.TryDequeue(out chain);
            _offeredCount -= isKnown ? 1 : 0;
            string? problem = isKnown ? chain?.Problem : Describe(head);
            if (problem is null && chain is not null && (length > chain.GetSize(true) || length > MaxPacketSize))
                problem = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{length} bytes in a buffer of {chain.GetSize(true)}"
                );

            buffers[i] = new FilledBuffer(chain, length, problem);
        }

        // Memory that a newer packet was written to as well is that packet's.
        var written = new HashSet<ulong>();
        for (int i = count - 1; i >= 0; i--)
        {
            if (buffers[i].Chain?.AddressOf(0, true) is { } address && !written.Add(address))
                buffers[i] = buffers[i] with { Chain = null };
        }

        for (int i = 0; i < count; )
            i += TakePacket(buffers.AsSpan(i), time, output);
    }

    /// <summary>Takes the packet that begins with a buffer.</summary>
    /// <returns>The number of buffers that it filled.</returns>
    private int TakePacket(ReadOnlySpan<FilledBuffer> buffers, ulong time, List<CapturedFrame> output)
    {
        FilledBuffer first = buffers[0];
        if (first.Problem is { } problem)
        {
            CountMalformed(problem);
            return 1;
        }

        if (first.Chain is null || first.Length < HeaderSize)
        {
            CountLost(1);
            return 1;
        }

        byte[] bytes = new byte[first.Length];
        if (Ring.Copy(first.Chain, true, bytes) < bytes.Length)
        {
            CountMalformed("a buffer that is not in the guest's memory");
            return 1;
        }

        int count = CountBuffers(bytes, buffers);
        if (count > 1)
            bytes = Merge(bytes, buffers[..count]);

        if (bytes.Length > 0 && Make(bytes, false, time, out _) is { } frame)
            Give(frame, output);
        else
            CountLost(1);

        return count;
    }

    /// <summary>
    /// The number of buffers that a packet says it fills; 1 when that can't be, as when its header was overwritten.
    /// </summary>
    private int CountBuffers(ReadOnlySpan<byte> bytes, ReadOnlySpan<FilledBuffer> buffers)
    {
        if (!Device.MergesBuffers || bytes.Length < BufferCountOffset + sizeof(ushort))
            return 1;

        int count = ReadUInt16LittleEndian(bytes[BufferCountOffset..]);
        if (count < 2 || count > buffers.Length)
            return 1;

        // All but the last are filled whole.
        ulong total = 0;
        for (int i = 0; i < count; i++)
        {
            FilledBuffer buffer = buffers[i];
            total += buffer.Length;
            if (buffer.Problem is not null || total > MaxPacketSize)
                return 1;

            if (i < count - 1 && buffer.Chain is { } chain && buffer.Length != chain.GetSize(true))
                return 1;
        }

        return count;
    }

    /// <summary>Reads the rest of a packet; empty when a part of it is gone.</summary>
    private byte[] Merge(byte[] start, ReadOnlySpan<FilledBuffer> buffers)
    {
        var bytes = new List<byte>(start);
        foreach (FilledBuffer buffer in buffers[1..])
        {
            byte[] part = new byte[buffer.Length];
            if (buffer.Chain is null || Ring.Copy(buffer.Chain, true, part) < part.Length)
                return [];

            bytes.AddRange(part);
        }

        return [.. bytes];
    }

    private static string Describe(uint head) =>
        string.Create(CultureInfo.InvariantCulture, $"buffer {head} was given back and never offered");

    /// <summary>A buffer that the device gave back.</summary>
    /// <param name="Chain">The buffer; null when it is not known any more, or was written again.</param>
    /// <param name="Length">Bytes that the device wrote.</param>
    /// <param name="Problem">Why it can't be; null when it can.</param>
    private readonly record struct FilledBuffer(DescriptorChain? Chain, uint Length, string? Problem);
}
