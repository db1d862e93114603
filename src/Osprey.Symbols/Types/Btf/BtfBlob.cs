using System.Buffers.Binary;
using System.Text;
using Osprey.Binary;

namespace Osprey.Symbols.Types.Btf;

/// <summary>
/// The types and strings of one BTF blob, by number. All of it was checked: numbers of types lead to types, names are
/// in the strings, and what a record says to follow it is there.
/// </summary>
/// <remarks>
/// <para>
/// BTF (BPF Type Format) is how a Linux kernel describes its own types; it keeps the description in memory, for
/// programs of BPF. The kernel's documentation (Documentation/bpf/btf.rst) describes it. A blob has a header, then the
/// types one behind the other, each with a common part of 12 bytes and what its kind adds, then the strings. Types
/// have no numbers of their own: they are counted from 1 on, and 0 is <c>void</c>. So all have to be passed once to
/// find any of them, which takes a millisecond for a kernel.
/// </para>
/// <para>
/// The blob of a kernel module is split: its numbers and its strings go on where those of its kernel end, so that it
/// can be read only together with that one, its base.
/// </para>
/// <para>A kind that is not known has no known size, so that nothing behind it can be found: it is an error.</para>
/// </remarks>
internal sealed class BtfBlob
{
    private const int RecordSize = 12;

    private readonly ReadOnlyMemory<byte> _data;
    private readonly string _source;
    private readonly BtfBlob? _base;
    private readonly bool _isBigEndian;
    private readonly int _strings;
    private readonly uint _firstString;
    private readonly int[] _offsets;

    private BtfBlob(ReadOnlyMemory<byte> data, string source, BtfBlob? baseBlob, ParseLimits limits)
    {
        (_data, _source, _base) = (data, source, baseBlob);
        BtfHeader header = BtfHeader.Parse(data.Span, source);
        if (header.TotalSize > (ulong)data.Length)
            throw new BadDataException(source, 0, $"expected {header.TotalSize} bytes of BTF, have {data.Length}");

        _isBigEndian = header.IsBigEndian;
        if (baseBlob is not null && baseBlob._isBigEndian != _isBigEndian)
            throw new BadDataException(source, 0, "another byte order than that of the kernel's types");

        _strings = (int)(header.Size + header.StringOffset);
        _data = data[..(_strings + (int)header.StringSize)];
        _firstString = baseBlob?.EndString ?? 0;
        EndString = _firstString + header.StringSize;
        CheckStrings(limits.MaxTypeNameLength);
        FirstType = baseBlob?.EndType ?? 1;
        _offsets = FindTypes((int)(header.Size + header.TypeOffset), (int)header.TypeSize, limits.MaxTypes);
        Check();
    }

    /// <summary>The number of the first type.</summary>
    public int FirstType { get; }

    /// <summary>The number behind that of the last type.</summary>
    public int EndType => FirstType + _offsets.Length;

    /// <summary>The blob whose types and strings this one continues; null when it stands by itself.</summary>
    public BtfBlob? Base => _base;

    /// <summary>
    /// True when the flag of enumerations tells whether they are signed. Old blobs never set it; their values are
    /// signed.
    /// </summary>
    public bool HasSignedFlags { get; private set; }

    /// <summary>The blob's size in bytes.</summary>
    public int Size => _data.Length;

    /// <summary>The offset behind that of the last string.</summary>
    private uint EndString { get; }

    /// <summary>Reads a blob.</summary>
    /// <param name="data">Its bytes; more may follow. They are kept.</param>
    /// <param name="source">Its name, for errors.</param>
    /// <param name="baseBlob">The kernel's blob, for that of a module.</param>
    /// <param name="limits">Limits; null for the default ones.</param>
    /// <exception cref="BadDataException">It is malformed, or continues another blob.</exception>
    public static BtfBlob Parse(
        ReadOnlyMemory<byte> data,
        string source,
        BtfBlob? baseBlob = null,
        ParseLimits? limits = null
    ) => new(data, source, baseBlob, limits ?? ParseLimits.Default);

    /// <summary>Reads a type of this blob or its base.</summary>
    public BtfRecord Get(int number)
    {
        if (number == 0)
            return default;

        return number < FirstType ? _base!.Get(number) : ReadRecord(_offsets[number - FirstType]);
    }

    /// <summary>Reads a number of 4 bytes at an offset in the blob.</summary>
    public uint ReadUInt32(int offset)
    {
        ReadOnlySpan<byte> bytes = _data.Span[offset..];
        return _isBigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>The bytes of a name; none for a type without one.</summary>
    public ReadOnlySpan<byte> GetNameBytes(uint offset)
    {
        if (offset < _firstString)
            return _base!.GetNameBytes(offset);

        ReadOnlySpan<byte> rest = _data.Span[(_strings + (int)(offset - _firstString))..];
        return rest[..rest.IndexOf((byte)0)];
    }

    /// <summary>A name; null for a type without one.</summary>
    public string? GetName(uint offset) =>
        GetNameBytes(offset) is { Length: > 0 } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>
    /// Every string must end, and soon: a hostile one that is long would be read anew for each type that has it.
    /// </summary>
    private void CheckStrings(int maxLength)
    {
        ReadOnlySpan<byte> strings = _data.Span[_strings..];
        if (strings.IsEmpty && _base is not null)
            return;

        if (strings.IsEmpty || strings[^1] != 0)
            throw new BadDataException(_source, _data.Length, "the last string has no end");

        if (_base is null && strings[0] != 0)
            throw new BadDataException(
                _source,
                _strings,
                "the strings begin with a name, as in a module's BTF, which can be read only with its kernel's"
            );

        for (int start = 0; start < strings.Length; )
        {
            int length = strings[start..].IndexOf((byte)0);
            if (length > maxLength)
                throw new BadDataException(_source, _strings + start, $"a name of {length} bytes");

            start += length + 1;
        }
    }

    private int[] FindTypes(int start, int size, int maxTypes)
    {
        // Types are 20 bytes in the mean; the array is cut to what is there.
        var offsets = new List<int>(size / 20);
        int end = start + size;
        for (int at = start; at < end; )
        {
            if (end - at < RecordSize)
                throw new BadDataException(_source, at, $"a type of {end - at} bytes, expected at least {RecordSize}");

            BtfRecord record = ReadRecord(at);
            if (record.Kind is BtfKind.Void or > BtfKind.Enum64)
                throw new BadDataException(_source, at, $"kind {(int)record.Kind} of types is not known");

            if (end - record.Body < record.BodySize)
                throw new BadDataException(
                    _source,
                    record.Body,
                    $"expected {record.BodySize} bytes of a type, have {end - record.Body}"
                );

            if (offsets.Count + FirstType >= maxTypes)
                throw new BadDataException(_source, at, $"more than {maxTypes} types");

            HasSignedFlags |= record is { Kind: BtfKind.Enum, Flag: true } or { Kind: BtfKind.Enum64 };
            offsets.Add(at);
            at = record.Body + record.BodySize;
        }

        HasSignedFlags |= _base is { HasSignedFlags: true };
        return [.. offsets];
    }

    /// <summary>Checks all numbers of types and offsets of names.</summary>
    private void Check()
    {
        foreach (int offset in _offsets)
        {
            BtfRecord record = ReadRecord(offset);
            CheckName(record.NameOffset, offset);
            if (record.HasTarget)
                CheckType(record.Value, offset);

            int body = record.Body;
            switch (record.Kind)
            {
                case BtfKind.Array:
                    CheckType(ReadUInt32(body), body);
                    CheckType(ReadUInt32(body + 4), body);
                    break;
                case BtfKind.DataSection:
                    for (int i = 0; i < record.Count; i++)
                        CheckType(ReadUInt32(body + (i * record.PartSize)), body);

                    break;
                case BtfKind.Struct or BtfKind.Union or BtfKind.FunctionPrototype:
                    for (int i = 0; i < record.Count; i++, body += record.PartSize)
                    {
                        CheckName(ReadUInt32(body), body);
                        CheckType(ReadUInt32(body + 4), body);
                    }

                    break;
                case BtfKind.Enum or BtfKind.Enum64:
                    for (int i = 0; i < record.Count; i++, body += record.PartSize)
                        CheckName(ReadUInt32(body), body);

                    break;
            }
        }
    }

    private void CheckType(uint number, int offset)
    {
        if (number >= (uint)EndType)
            throw new BadDataException(_source, offset, $"type {number} of {EndType}");
    }

    private void CheckName(uint nameOffset, int offset)
    {
        if (nameOffset >= EndString)
            throw new BadDataException(_source, offset, $"a name at offset 0x{nameOffset:x} of 0x{EndString:x}");
    }

    private BtfRecord ReadRecord(int offset)
    {
        uint info = ReadUInt32(offset + 4);
        return new BtfRecord(
            this,
            (BtfKind)((info >> 24) & 0x1f),
            ReadUInt32(offset),
            info >> 31 != 0,
            (int)(info & 0xffff),
            ReadUInt32(offset + 8),
            offset + RecordSize
        );
    }
}
