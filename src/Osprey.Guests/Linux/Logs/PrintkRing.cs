using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Osprey.Guests.Logs;
using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Linux.Logs;

/// <summary>
/// Reads the log of kernels from 5.10 on: <c>struct printk_ringbuffer</c>, to which <c>prb</c> points.
/// </summary>
/// <remarks>
/// <para>
/// The ring (<c>kernel/printk/printk_ringbuffer.c</c> of the kernel's sources) is made for writers that do not wait for
/// each other. It has three arrays. Descriptors and infos are indexed by the low bits of a record's id, which grows by
/// one with each record; <c>tail_id</c> to <c>head_id</c> are those that are there. An info has the number, time and
/// level. A descriptor has the id and a state in one word, and the logical places where the record's text begins and
/// ends; logical places grow for ever too, and their low bits are the place in the array of texts. A text that does
/// not fit before the array's end is at its start, while the record's places still begin before the end. In front of
/// each text stands the id of its record.
/// </para>
/// <para>
/// A record is reserved while somebody writes it, committed when it has text to which more may be added, finalized
/// when it is done, and reusable when its text is gone. The kernel's own readers stop at the first record that is not
/// finalized. This one goes on: where a CPU died while it wrote, what the others said afterwards matters most.
/// </para>
/// <para>
/// The guest may write meanwhile. So the descriptors are read again after the texts: a record counts only if its word
/// is the same, since whoever writes over a text first makes its record reusable. When one was changed, all is read
/// anew, a few times; records that still change are counted as missing.
/// </para>
/// </remarks>
internal sealed class PrintkRing
{
    private const int MaxReads = 4;
    private const int MaxDescriptorBits = 18;
    private const int MaxTextBits = 26;
    private const int IdSize = sizeof(ulong);
    private const ulong IdMask = ulong.MaxValue >> 2;

    /// <summary>A logical place with this bit set is none: the text is empty, or there was no room for it.</summary>
    private const ulong NoTextBit = 1;

    /// <summary>The place of a text that is empty.</summary>
    private const ulong EmptyText = 3;

    private readonly GuestKernel _kernel;
    private readonly DebugType _infoType;
    private readonly DebugType _descriptorType;
    private readonly byte[] _descriptors;
    private readonly byte[] _infos;
    private readonly byte[] _texts;
    private readonly int _descriptorBits;
    private readonly int _textBits;
    private readonly ulong _tail;
    private readonly ulong _count;
    private readonly ulong _failures;
    private readonly ulong _descriptorsAddress;

    private PrintkRing(GuestKernel kernel, Value ring)
    {
        _kernel = kernel;
        _infoType = LinuxVariables.GetType(kernel, "struct printk_info");
        _descriptorType = LinuxVariables.GetType(kernel, "struct prb_desc");
        _descriptorBits = GetBits(ring, MaxDescriptorBits, "desc_ring", "count_bits");
        _textBits = GetBits(ring, MaxTextBits, "text_data_ring", "size_bits");
        _tail = LinuxVariables.GetNumber(ring, "desc_ring", "tail_id", "counter") & IdMask;
        ulong head = LinuxVariables.GetNumber(ring, "desc_ring", "head_id", "counter") & IdMask;
        _count = (unchecked(head - _tail) & IdMask) + 1;
        if (_count > 1UL << _descriptorBits)
            throw NotUnderstood($"it says that it has {_count} records in {1UL << _descriptorBits} places");

        _failures = ring.Path("fail", "counter") is { } fail && fail.TryGetUInt64(out ulong failures) ? failures : 0;
        _descriptorsAddress = LinuxVariables.GetNumber(ring, "desc_ring", "descs");
        _descriptors = ReadArray(_descriptorsAddress, _descriptorType, 1 << _descriptorBits);
        _infos = ReadArray(LinuxVariables.GetNumber(ring, "desc_ring", "infos"), _infoType, 1 << _descriptorBits);
        _texts = Read(LinuxVariables.GetNumber(ring, "text_data_ring", "data"), 1 << _textBits);
    }

    private enum RecordState
    {
        Reserved = 0, // desc_reserved
        Committed = 1, // desc_committed
        Finalized = 2, // desc_finalized
        Reusable = 3, // desc_reusable
    }

    /// <summary>Reads the records.</summary>
    /// <returns>The records and the reasons why some are missing; null when the kernel has no such ring.</returns>
    /// <exception cref="TargetException">The ring is not understood.</exception>
    public static (IReadOnlyList<GuestLogRecord> Records, List<string> Defects)? TryRead(GuestKernel kernel)
    {
        if (LinuxVariables.Find(kernel, "struct printk_ringbuffer *", "prb") is null)
            return null;

        for (int number = 1; ; number++)
        {
            Value ring = LinuxVariables.Get(kernel, "struct printk_ringbuffer *", "prb").Dereference();
            var look = new PrintkRing(kernel, ring.Fetch());
            kernel.Refresh();
            (IReadOnlyList<GuestLogRecord> records, List<string> defects, bool isChanged) = look.List();
            if (!isChanged || number == MaxReads)
                return (records, defects);
        }
    }

    private (IReadOnlyList<GuestLogRecord> Records, List<string> Defects, bool IsChanged) List()
    {
        byte[] after = ReadArray(_descriptorsAddress, _descriptorType, 1 << _descriptorBits);
        var records = new List<GuestLogRecord>();
        (int changed, int written, int failed) = (0, 0, 0);
        for (ulong i = 0; i < _count; i++)
        {
            ulong id = unchecked(_tail + i) & IdMask;
            int index = (int)(id & ((1UL << _descriptorBits) - 1));
            Value descriptor = GetElement(_descriptors, _descriptorType, index);
            ulong word = LinuxVariables.GetNumber(descriptor, "state_var", "counter");
            var state = (RecordState)(word >> 62);
            if ((word & IdMask) != id || word != GetWord(after, index))
            {
                // One that was being written when it was read first is no loss: it is not there yet.
                changed += state is RecordState.Reusable || (i == _count - 1 && (word & IdMask) != id) ? 0 : 1;
                continue;
            }

            switch (state)
            {
                case RecordState.Reusable:
                    break;
                case RecordState.Reserved:
                    written++;
                    break;
                default:
                    if (ReadRecord(descriptor, id, index, state == RecordState.Committed) is { } record)
                        records.Add(record);
                    else
                        failed++;

                    break;
            }
        }

        List<string> defects = [];
        Add(defects, changed, "was written over while it was read", "were written over while they were read");
        Add(defects, written, "was being written and is not shown", "were being written and are not shown");
        Add(defects, failed, "lost its text for want of room", "lost their texts for want of room");
        if (_failures > 0)
            defects.Add(Invariant($"the kernel could not store {_failures} messages"));

        return (records, defects, changed > 0);
    }

    /// <summary>Reads a record; null when the kernel had no room for its text.</summary>
    private GuestLogRecord? ReadRecord(Value descriptor, ulong id, int index, bool isUnfinished)
    {
        ulong begin = LinuxVariables.GetNumber(descriptor, "text_blk_lpos", "begin");
        ulong next = LinuxVariables.GetNumber(descriptor, "text_blk_lpos", "next");
        Value info = GetElement(_infos, _infoType, index);
        string? text = "";
        if ((begin & NoTextBit) != 0 && (next & NoTextBit) != 0)
        {
            if (begin != EmptyText || next != EmptyText)
                return null;
        }
        else
        {
            text = FindText(id, begin, next, LinuxVariables.GetNumber(info, "text_len"));
        }

        return new GuestLogRecord(
            LinuxVariables.GetNumber(info, "seq"),
            LinuxVariables.GetNumber(info, "ts_nsec"),
            (int)LinuxVariables.GetNumber(info, "facility"),
            (int)LinuxVariables.GetNumber(info, "level"),
            text ?? ""
        )
        {
            Caller = PrintkCaller.Format(LinuxVariables.GetNumber(info, "caller_id")),
            Subsystem = GetName(info, "subsystem"),
            Device = GetName(info, "device"),
            IsUnfinished = isUnfinished,
            IsTorn = text is null,
        };
    }

    /// <summary>Finds the text of a record; null when its places make no sense or it is another record's.</summary>
    private string? FindText(ulong id, ulong begin, ulong next, ulong length)
    {
        ulong size = 1UL << _textBits;
        ulong start = begin & (size - 1);
        ulong end = next & (size - 1);

        // Logical places begin just below the highest number, so that they turn over soon.
        ulong turns = unchecked((next >> _textBits) - (begin >> _textBits)) & (ulong.MaxValue >> _textBits);
        if (turns == 1 && end == 0)
            end = size; // it reaches to the array's last byte
        else if (turns == 1)
            start = 0; // it did not fit before the array's end
        else if (turns != 0)
            return null;

        if (end < start + IdSize || BinaryPrimitives.ReadUInt64LittleEndian(_texts.AsSpan((int)start)) != id)
            return null;

        int count = (int)Math.Min(length, end - start - IdSize);
        return Encoding.UTF8.GetString(_texts, (int)start + IdSize, count);
    }

    private ulong GetWord(byte[] descriptors, int index) =>
        LinuxVariables.GetNumber(GetElement(descriptors, _descriptorType, index), "state_var", "counter");

    private Value GetElement(byte[] array, DebugType type, int index)
    {
        int size = GetSize(type);
        return _kernel.Values.FromBytes(type, array.AsMemory(index * size, size));
    }

    private static string? GetName(Value info, string member) =>
        info.Path("dev_info", member)?.AsString() is { Length: > 0 } name ? name : null;

    private byte[] ReadArray(ulong address, DebugType type, int count) => Read(address, GetSize(type) * count);

    private byte[] Read(ulong address, int size)
    {
        byte[] bytes = new byte[size];
        return _kernel.Values.Memory.Read(address, bytes) == size
            ? bytes
            : throw NotUnderstood(Invariant($"{size} bytes at 0x{address:x} can't be read"));
    }

    private int GetSize(DebugType type) =>
        _kernel.Values.GetSize(type) is > 0 and <= 1024 and var size
            ? (int)size
            : throw NotUnderstood($"{TypeNames.Spell(type)} has no size that makes sense");

    private static int GetBits(Value ring, int limit, params ReadOnlySpan<string> path)
    {
        ulong bits = LinuxVariables.GetNumber(ring, path);
        return bits > 0 && bits <= (ulong)limit
            ? (int)bits
            : throw NotUnderstood($"{string.Join('.', path!)} is {bits}, more than {limit} is not read");
    }

    private static void Add(List<string> defects, int count, string one, string several)
    {
        if (count > 0)
            defects.Add(count == 1 ? $"1 record {one}" : Invariant($"{count} records {several}"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static TargetException NotUnderstood(string reason) =>
        new(TargetProblem.NotUnderstood, $"the kernel's log is not understood: {reason}");
}
