using System.Text;
using Osprey.Tests.Builders.Btf;

namespace Osprey.Tests.Builders.Guests;

/// <summary>Writes records into the ring of a Linux kernel from 5.10 on, as the kernel does.</summary>
internal sealed class PrintkRingWriter
{
    public const ulong Reserved = 0;
    public const ulong Committed = 1;
    public const ulong Finalized = 2;
    public const ulong Reusable = 3;

    private const int DescriptorSize = 24;
    private const int InfoSize = 88;
    private const ulong IdMask = ulong.MaxValue >> 2;

    private readonly FakeLinux _linux;
    private readonly int _countBits;
    private readonly int _sizeBits;
    private readonly ulong _ring;
    private readonly ulong _descriptors;
    private readonly ulong _infos;
    private readonly ulong _texts;
    private ulong _head;
    private ulong _tail;
    private ulong _textHead;
    private ulong _textTail;
    private ulong _sequence;

    /// <param name="linux">The kernel; gets types, memory and the symbol.</param>
    /// <param name="countBits">The number of records, as a power of two.</param>
    /// <param name="sizeBits">The size of the texts, as a power of two.</param>
    public PrintkRingWriter(FakeLinux linux, int countBits = 4, int sizeBits = 9)
    {
        (_linux, _countBits, _sizeBits) = (linux, countBits, sizeBits);
        AddTypes(linux.Types);
        ulong pointer = linux.Allocate(8, "prb");
        _ring = linux.Allocate(96);
        _descriptors = linux.Allocate(DescriptorSize << countBits);
        _infos = linux.Allocate(InfoSize << countBits);
        _texts = linux.Allocate(1 << sizeBits);
        linux.Write(pointer, _ring);
        linux.Write(_ring, (uint)countBits);
        linux.Write(_ring + 8, _descriptors);
        linux.Write(_ring + 16, _infos);
        linux.Write(_ring + 40, (uint)sizeBits);
        linux.Write(_ring + 48, _texts);

        // The first record of all is none: its number is before 0, and ids and places are soon to turn over.
        _head = _tail = unchecked(0 - (1UL << countBits) - 1) & IdMask;
        _textHead = _textTail = unchecked(0 - (1UL << sizeBits));
        ulong last = Descriptor(_head);
        linux.Write(last, (Reusable << 62) | _head);
        linux.Write(last + 8, _textHead);
        linux.Write(last + 16, _textHead);
        WriteIds();
    }

    /// <summary>The places that are worth while to damage.</summary>
    public IReadOnlyList<ulong> Places => [_ring, _descriptors, _descriptors + 96, _infos, _infos + 400, _texts];

    /// <summary>The records that are there, by number.</summary>
    public SortedDictionary<ulong, string> Present { get; } = [];

    /// <summary>The place of the last record's text, with the id in front.</summary>
    public ulong LastBlock { get; private set; }

    /// <summary>Writes a record.</summary>
    public void Write(string text, ulong state = Finalized)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        ulong id = Reserve();
        ulong size = 1UL << _sizeBits;
        ulong needed = (ulong)(8 + bytes.Length + 7) & ~7UL;
        ulong begin = _textHead;
        ulong next = unchecked(begin + needed);
        bool turns = next >> _sizeBits != begin >> _sizeBits;
        if (turns)
            next = unchecked(((next >> _sizeBits) << _sizeBits) + needed);

        while (unchecked(next - _textTail) > size)
            FreeOldestText();

        LastBlock = _texts + (turns ? 0 : begin & (size - 1));
        _linux.Write(LastBlock, id);
        bytes.CopyTo(_linux.At(LastBlock + 8));
        _textHead = next;
        Finish(id, begin, next, bytes.Length, state, text);
    }

    /// <summary>Writes a record without a text, for which there was no room (1) or which is empty (3).</summary>
    public void WriteWithoutText(ulong place) => Finish(Reserve(), place, place, 0, Finalized, place == 3 ? "" : null);

    private void Finish(ulong id, ulong begin, ulong next, int length, ulong state, string? text)
    {
        ulong info = _infos + ((id & ((1UL << _countBits) - 1)) * InfoSize);
        _linux.At(info)[..InfoSize].Clear();
        _linux.Write(info, _sequence);
        _linux.Write(info + 8, 1_500_000_000 + (_sequence * 1_000));
        _linux.Write(info + 16, (ushort)length);
        _linux.At(info + 18)[0] = (byte)(_sequence % 3);
        _linux.At(info + 19)[0] = (byte)((_sequence % 8) << 5);
        _linux.Write(info + 20, _sequence % 2 == 0 ? 42u : 0x8000_0001u);
        ulong descriptor = Descriptor(id);
        _linux.Write(descriptor, (state << 62) | id);
        _linux.Write(descriptor + 8, begin);
        _linux.Write(descriptor + 16, next);
        if (text is not null && state is Committed or Finalized)
            Present[_sequence] = text!;

        _sequence++;
        WriteIds();
    }

    private ulong Reserve()
    {
        ulong id = (_head + 1) & IdMask;
        if ((unchecked(id - _tail) & IdMask) == 1UL << _countBits)
        {
            Forget(_tail);
            _tail = (_tail + 1) & IdMask;
        }

        _head = id;
        return id;
    }

    private void FreeOldestText()
    {
        ulong at = _textTail & ((1UL << _sizeBits) - 1);
        for (ulong id = _tail; id != _head; id = (id + 1) & IdMask)
        {
            ulong descriptor = Descriptor(id);
            if (Read(descriptor) >> 62 == Reusable || Read(descriptor + 8) != _textTail)
                continue;

            _textTail = Read(descriptor + 16);
            Forget(id);
            return;
        }

        throw new InvalidOperationException($"nobody has the text at {at}");
    }

    private void Forget(ulong id)
    {
        ulong descriptor = Descriptor(id);
        if (Read(descriptor) >> 62 == Reusable)
            return;

        if (Read(descriptor + 8) == _textTail)
            _textTail = Read(descriptor + 16);

        _linux.Write(descriptor, (Reusable << 62) | id);
        Present.Remove(Read(_infos + ((id & ((1UL << _countBits) - 1)) * InfoSize)));
    }

    private ulong Read(ulong address) => BitConverter.ToUInt64(_linux.At(address));

    private ulong Descriptor(ulong id) => _descriptors + ((id & ((1UL << _countBits) - 1)) * DescriptorSize);

    private void WriteIds()
    {
        _linux.Write(_ring + 24, _head);
        _linux.Write(_ring + 32, _tail);
        _linux.Write(_ring + 56, _textHead);
        _linux.Write(_ring + 64, _textTail);
    }

    private static void AddTypes(BtfBuilder btf)
    {
        uint u8 = btf.Integer("unsigned char", 1);
        uint u16 = btf.Integer("unsigned short", 2);
        uint u32 = btf.Integer("unsigned int", 4);
        uint u64 = btf.Integer("unsigned long", 8);
        uint letter = btf.Integer("char", 1, BtfBuilder.Signed);
        uint subsystem = btf.Array(letter, 16, u32);
        uint device = btf.Array(letter, 48, u32);
        uint names = btf.Struct("dev_printk_info", 64, ("subsystem", subsystem, 0, 0), ("device", device, 128, 0));
        uint counter = btf.Struct("", 8, ("counter", u64, 0, 0));
        uint info = btf.Struct(
            "printk_info",
            88,
            ("seq", u64, 0, 0),
            ("ts_nsec", u64, 64, 0),
            ("text_len", u16, 128, 0),
            ("facility", u8, 144, 0),
            ("flags", u8, 152, 5),
            ("level", u8, 157, 3),
            ("caller_id", u32, 160, 0),
            ("dev_info", names, 192, 0)
        );
        uint places = btf.Struct("prb_data_blk_lpos", 16, ("begin", u64, 0, 0), ("next", u64, 64, 0));
        uint descriptor = btf.Struct("prb_desc", 24, ("state_var", counter, 0, 0), ("text_blk_lpos", places, 64, 0));
        uint descriptors = btf.Struct(
            "prb_desc_ring",
            40,
            ("count_bits", u32, 0, 0),
            ("descs", btf.Pointer(descriptor), 64, 0),
            ("infos", btf.Pointer(info), 128, 0),
            ("head_id", counter, 192, 0),
            ("tail_id", counter, 256, 0)
        );
        uint texts = btf.Struct(
            "prb_data_ring",
            32,
            ("size_bits", u32, 0, 0),
            ("data", btf.Pointer(letter), 64, 0),
            ("head_lpos", counter, 128, 0),
            ("tail_lpos", counter, 192, 0)
        );
        btf.Struct(
            "printk_ringbuffer",
            80,
            ("desc_ring", descriptors, 0, 0),
            ("text_data_ring", texts, 320, 0),
            ("fail", counter, 576, 0)
        );
        btf.Struct("list_head", 16, ("next", u64, 0, 0), ("prev", u64, 64, 0));
    }
}
