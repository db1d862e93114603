using System.Numerics;
using Osprey.Target.Memory;

namespace Osprey.Session.Captures.Rings;

/// <summary>Reads a packed virtqueue (Virtual I/O Device 1.2, section 2.8).</summary>
/// <remarks>
/// <para>
/// A packed queue is one ring that both sides write. The driver writes a buffer's descriptors into the next places; the
/// device gives a buffer back by writing its number and the bytes written into the next place that it has not written,
/// over what stands there, and goes on by as many places as the buffer took. There are no indices: two bits of each
/// place tell who wrote it last, and in which round. So the places of both sides are kept here and moved on by what was
/// written, and the buffers that pass are counted: these counts are the positions that a follower works with.
/// </para>
/// <para>
/// One look reads the whole ring twice: what the first read says was written is whole in the second one. What is gone
/// by then differs from a split queue. A buffer that was sent and given back has no length and no flags any more: it is
/// lost. What stands at its address may be a newer packet, whose lengths and checksum are right as well: nothing is
/// guessed. That a buffer was given back is gone when the driver has put another one in that place: the oldest ones are
/// taken for it, since devices give packets back in order, and what came in there is lost.
/// </para>
/// <para>
/// A ring that went round since the last look is told by the descriptor that was written last: its round or its address
/// is another one. How many packets that was is not known. One round is counted, and a note says so.
/// </para>
/// </remarks>
internal sealed class PackedRing : VirtqueueRing
{
    private const string WentRound =
        "its ring, which has no counters, went round before it was read: how many packets that was is not known, and "
        + "one round is counted as lost each time";

    private readonly bool _isReceive;
    private readonly byte[] _earlier;
    private readonly byte[] _now;
    private readonly PackedBuffer[] _buffers; // by position
    private readonly (ushort Id, uint Length)[] _givenBack; // by position
    private readonly Dictionary<ushort, (ushort Position, int Count)> _outstanding = []; // by number
    private readonly Queue<(ushort Id, ushort Position)> _order = new(); // oldest first, and some not outstanding
    private readonly List<string> _notes = [];
    private bool _isStarted;
    private PackedPlace _driver;
    private PackedPlace _device;
    private ulong _lastAddress; // of the descriptor before the driver's place
    private int _taken; // descriptors of what is outstanding
    private ushort _available;
    private ushort _used;

    /// <param name="memory">The guest's memory, which must not be kept from changing by a cache.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="isReceive">Whether the device fills the buffers.</param>
    public PackedRing(IPhysicalMemory memory, Virtqueue queue, bool isReceive)
        : base(memory, queue)
    {
        _isReceive = isReceive;
        _earlier = new byte[queue.Size * DescriptorSize];
        _now = new byte[queue.Size * DescriptorSize];
        int room = (int)BitOperations.RoundUpToPowerOf2((uint)queue.Size * 2);
        _buffers = new PackedBuffer[room];
        _givenBack = new (ushort, uint)[room];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => _notes;

    private int Size => Queue.Size;

    /// <summary>Looks at the ring, and reads the number of buffers that were given back, modulo 2^16.</summary>
    public override bool TryReadUsedIndex(out ushort index)
    {
        bool isRead = !_isStarted || HasMoved(out bool isReadable) ? Look() : isReadable;
        index = _used;
        return isRead;
    }

    /// <inheritdoc/>
    public override bool TryReadAvailableIndex(out ushort index)
    {
        index = _available;
        return true;
    }

    /// <inheritdoc/>
    public override bool TryReadAvailable() => true;

    /// <inheritdoc/>
    public override bool TryReadUsed() => true;

    /// <inheritdoc/>
    public override ushort GetHead(ushort position) => BufferAt(position).Id;

    /// <inheritdoc/>
    public override DescriptorChain? GetBuffer(ushort position) => BufferAt(position).Chain;

    /// <inheritdoc/>
    public override (uint Head, uint Length) GetUsed(ushort position) => _givenBack[position & (_givenBack.Length - 1)];

    /// <summary>Tells by the next places of both sides, and by the last one, whether to look at the rest.</summary>
    private bool HasMoved(out bool isReadable)
    {
        Span<byte> bytes = stackalloc byte[DescriptorSize];
        PackedPlace previous = _driver.Previous(Size);
        isReadable = TryReadSlot(_driver.Index, bytes, out PackedSlot next);
        isReadable &= TryReadSlot(_device.Index, bytes, out PackedSlot givenBack);
        isReadable &= TryReadSlot(previous.Index, bytes, out PackedSlot last);
        return isReadable && (next.Round == _driver.Round || IsGivenBack(givenBack) || IsWrittenAgain(last, previous));
    }

    private bool Look()
    {
        if (!TryRead(Queue.Descriptors, 0, _earlier))
            return false;

        Thread.MemoryBarrier();
        if (!TryRead(Queue.Descriptors, 0, _now))
            return false;

        Thread.MemoryBarrier();
        PackedPlace previous = _driver.Previous(Size);
        if (!_isStarted)
            Start();
        else if (IsWrittenAgain(PackedSlot.Read(_now, previous.Index), previous))
            StartAnew();

        _isStarted = true;
        TakeAvailable();
        TakeGivenBack();
        _lastAddress = PackedSlot.Read(_now, _driver.Previous(Size).Index).Address;
        return true;
    }

    private bool IsGivenBack(PackedSlot slot) => _outstanding.Count > 0 && slot.IsUsed && slot.Round == _device.Round;

    private bool IsWrittenAgain(PackedSlot last, PackedPlace place) =>
        last.Round != place.Round || last.Address != _lastAddress;

    /// <summary>Finds both sides' places, and the buffers between them.</summary>
    /// <remarks>
    /// Places from the driver's on are of the round before. First of them come those that were given back, then those
    /// of buffers that were not.
    /// </remarks>
    private void Start()
    {
        bool first = PackedSlot.Read(_now, 0).Round;
        int index = 1;
        while (index < Size && PackedSlot.Read(_now, index).Round == first)
            index++;

        _driver = index < Size ? new PackedPlace(index, first) : new PackedPlace(0, !first);
        var oldest = new PackedPlace(_driver.Index, !_driver.Round);
        int done = 0;
        for (int i = 0; i < Size; )
        {
            PackedSlot slot = PackedSlot.Read(_now, oldest.Advance(i, Size).Index);
            i += slot.IsUsed ? CountOverwritten(oldest.Advance(i, Size), slot.Id, Size - i) : 1;
            done = slot.IsUsed ? i : done;
        }

        _device = oldest.Advance(done, Size);
        for (PackedPlace place = _device; done < Size; )
        {
            PackedBuffer buffer = Follow(place, Size - done);
            Add(buffer);
            done += buffer.Count;
            place = place.Advance(buffer.Count, Size);
        }
    }

    private void StartAnew()
    {
        if (_notes.Count == 0)
            _notes.Add(WentRound);

        _outstanding.Clear();
        _order.Clear();
        _taken = 0;
        Array.Clear(_buffers);

        // More than a ring's size, so that a follower drops what it kept. What is outstanding now comes behind.
        _used = unchecked((ushort)(_used + Size + 1));
        _available = _used;
        Start();
    }

    /// <summary>Takes the buffers that the driver has made available.</summary>
    private void TakeAvailable()
    {
        for (int done = 0; done < Size; )
        {
            if (PackedSlot.Read(_earlier, _driver.Index).Round != _driver.Round)
                return;

            PackedSlot slot = PackedSlot.Read(_now, _driver.Index);
            if (slot.Round != _driver.Round)
                return; // it is a round further; the next look tells

            TakeGivenBack(); // a driver gives a number that came back to the next buffer
            bool isOverwritten = slot.IsUsed || slot.Length == 0; // a device writes the length before the flags
            PackedBuffer buffer = isOverwritten ? FollowOverwritten(slot, Size - done) : Follow(_driver, Size - done);
            while (_taken + buffer.Count > Size)
                GiveBackUnread(FindOldest());

            Add(buffer);
            _driver = _driver.Advance(buffer.Count, Size);
            done += buffer.Count;
        }
    }

    /// <summary>Takes the buffers that the device has given back.</summary>
    private void TakeGivenBack()
    {
        while (_outstanding.Count > 0)
        {
            PackedSlot slot = PackedSlot.Read(_now, _device.Index);
            if (!IsGivenBack(slot))
                return;

            // A number that nobody offered is the follower's to tell.
            ushort id = _outstanding.ContainsKey(slot.Id) ? slot.Id : FindOldest();
            GiveBack(id, (slot.Id, slot.Length));
        }
    }

    /// <summary>Gives a buffer back of which the driver has overwritten that it was; its length is gone.</summary>
    private void GiveBackUnread(ushort id) => GiveBack(id, (id, 0));

    private void GiveBack(ushort id, (ushort Id, uint Length) element)
    {
        _outstanding.Remove(id, out (ushort Position, int Count) buffer);
        _taken -= buffer.Count;
        _device = _device.Advance(buffer.Count, Size);
        _givenBack[_used & (_givenBack.Length - 1)] = element;
        _used = unchecked((ushort)(_used + 1));
    }

    private ushort FindOldest()
    {
        while (!IsOutstanding(_order.Peek()))
            _order.Dequeue();

        return _order.Peek().Id;
    }

    private bool IsOutstanding((ushort Id, ushort Position) buffer) =>
        _outstanding.TryGetValue(buffer.Id, out (ushort Position, int) current) && current.Position == buffer.Position;

    private void Add(PackedBuffer buffer)
    {
        if (_outstanding.ContainsKey(buffer.Id))
            GiveBackUnread(buffer.Id); // or the ring is damaged

        _buffers[_available & (_buffers.Length - 1)] = buffer;
        _outstanding[buffer.Id] = (_available, buffer.Count);
        _order.Enqueue((buffer.Id, _available));
        _taken += buffer.Count;
        _available = unchecked((ushort)(_available + 1));
        if (_order.Count <= 2 * Size)
            return;

        (ushort, ushort)[] kept = [.. _order.Where(IsOutstanding)];
        _order.Clear();
        foreach ((ushort, ushort) item in kept)
            _order.Enqueue(item);
    }

    /// <summary>Follows a chain of descriptors that the device has not written over.</summary>
    private PackedBuffer Follow(PackedPlace place, int most)
    {
        var parts = new List<BufferPart>(2);
        string? problem = null;
        PackedSlot slot;
        ushort id = 0;
        int count = 0;
        do
        {
            slot = PackedSlot.Read(_now, place.Index);
            if (slot.Round != place.Round || slot.IsUsed)
            {
                problem = "a chain of descriptors without an end";
                break;
            }

            id = slot.Id; // the last one's counts
            count++;
            place = place.Advance(1, Size);
            if ((slot.Flags & Indirect) != 0)
                problem = FollowIndirect(slot.Address, slot.Length, parts);
            else
                parts.Add(new BufferPart(slot.Address, slot.Length, (slot.Flags & Writable) != 0));

            if (parts.Count > MaxParts)
                problem = $"a chain of over {MaxParts} parts";
        } while (problem is null && (slot.Flags & HasNext) != 0 && count < most);
        return new PackedBuffer(id, Math.Max(1, count), new DescriptorChain(parts, [], problem));
    }

    private string? FollowIndirect(ulong address, uint size, List<BufferPart> parts)
    {
        string? problem = ReadIndirect(address, size, out ReadOnlySpan<byte> table);
        for (int i = 0; problem is null && i < table.Length / DescriptorSize; i++)
        {
            PackedSlot slot = PackedSlot.Read(table, i);
            parts.Add(new BufferPart(slot.Address, slot.Length, (slot.Flags & Writable) != 0));
        }

        return problem;
    }

    /// <summary>Makes what can be made of a buffer that was given back before it was seen.</summary>
    private PackedBuffer FollowOverwritten(PackedSlot slot, int most)
    {
        int count = CountOverwritten(_driver, slot.Id, most);
        DescriptorChain? chain =
            _isReceive && count == 1
                ? new DescriptorChain([new BufferPart(slot.Address, slot.Length, true)], [])
                : null;
        return new PackedBuffer(slot.Id, count, chain);
    }

    /// <summary>
    /// The descriptors of a buffer whose first one was written over. Without tables the others may follow: they have
    /// the buffer's number in all drivers that are known.
    /// </summary>
    private int CountOverwritten(PackedPlace place, ushort id, int most)
    {
        int count = 1;
        while (!Queue.MayBeIndirect && count < most)
        {
            PackedPlace at = place.Advance(count, Size);
            PackedSlot slot = PackedSlot.Read(_now, at.Index);
            if (slot.Round != at.Round || slot.IsUsed || slot.Id != id)
                break;

            count++;
            if ((slot.Flags & HasNext) == 0)
                break;
        }

        return count;
    }

    private PackedBuffer BufferAt(ushort position) => _buffers[position & (_buffers.Length - 1)];

    private bool TryReadSlot(int index, Span<byte> bytes, out PackedSlot slot)
    {
        bool isRead = TryRead(Queue.Descriptors, (uint)(index * DescriptorSize), bytes);
        slot = PackedSlot.Read(bytes, 0);
        return isRead;
    }
}
