using System.Buffers.Binary;
using System.Text;

namespace Osprey.Tests.Builders.Btf;

/// <summary>Writes BTF blobs, type by type; each call gives the number of the type that it adds.</summary>
/// <param name="bigEndian">Whether numbers are big-endian.</param>
/// <param name="parent">The blob that this one continues, for that of a module.</param>
internal sealed class BtfBuilder(bool bigEndian = false, BtfBuilder? parent = null)
{
    public const uint Signed = 1;
    public const uint Character = 2;
    public const uint Boolean = 4;

    private readonly List<byte> _types = [];
    private readonly List<byte> _strings = parent is null ? [0] : [];
    private readonly Dictionary<string, uint> _names = [];
    private uint _next = parent?._next ?? 1;

    private uint FirstString => parent is null ? 0 : parent.FirstString + (uint)parent._strings.Count;

    public uint Add(uint kind, string name, bool flag, int count, uint value, params ReadOnlySpan<uint> body)
    {
        AddNumber(_types, Name(name));
        AddNumber(_types, (flag ? 1u << 31 : 0) | (kind << 24) | (uint)count);
        AddNumber(_types, value);
        foreach (uint number in body)
            AddNumber(_types, number);

        return _next++;
    }

    public uint Integer(string name, uint size, uint encoding = 0, uint? bits = null, uint offset = 0) =>
        Add(1, name, false, 0, size, (encoding << 24) | (offset << 16) | (bits ?? size * 8));

    public uint Pointer(uint target) => Add(2, "", false, 0, target);

    public uint Array(uint element, uint count, uint index) => Add(3, "", false, 0, 0, element, index, count);

    /// <summary>Adds a struct whose members have their places in bits, and the number of bits for bit fields.</summary>
    public uint Struct(string name, uint size, params (string Name, uint Type, uint Bit, uint Bits)[] members) =>
        Compound(4, name, size, members);

    public uint Union(string name, uint size, params (string Name, uint Type, uint Bit, uint Bits)[] members) =>
        Compound(5, name, size, members);

    public uint Enum(string name, uint size, bool isSigned, params (string Name, int Value)[] items) =>
        Add(
            6,
            name,
            isSigned,
            items.Length,
            size,
            [.. items.SelectMany(item => new[] { Name(item.Name), unchecked((uint)item.Value) })]
        );

    public uint Forward(string name, bool isUnion = false) => Add(7, name, isUnion, 0, 0);

    public uint Typedef(string name, uint target) => Add(8, name, false, 0, target);

    public uint Volatile(uint target) => Add(9, "", false, 0, target);

    public uint Const(uint target) => Add(10, "", false, 0, target);

    public uint Restrict(uint target) => Add(11, "", false, 0, target);

    public uint Function(string name, uint prototype) => Add(12, name, false, 1, prototype);

    public uint Prototype(uint result, params (string Name, uint Type)[] parameters) =>
        Add(
            13,
            "",
            false,
            parameters.Length,
            result,
            [.. parameters.SelectMany(item => new[] { Name(item.Name), item.Type })]
        );

    public uint Variable(string name, uint type) => Add(14, name, false, 0, type, 1);

    public uint Section(string name, params (uint Variable, uint Offset, uint Size)[] variables) =>
        Add(
            15,
            name,
            false,
            variables.Length,
            0,
            [.. variables.SelectMany(item => new[] { item.Variable, item.Offset, item.Size })]
        );

    public uint Float(string name, uint size) => Add(16, name, false, 0, size);

    public uint DeclarationTag(string text, uint target) => Add(17, text, false, 0, target, uint.MaxValue);

    public uint TypeTag(string text, uint target) => Add(18, text, false, 0, target);

    public uint Enum64(string name, bool isSigned, params (string Name, long Value)[] items) =>
        Add(
            19,
            name,
            isSigned,
            items.Length,
            8,
            [
                .. items.SelectMany(item =>
                    new[] { Name(item.Name), unchecked((uint)item.Value), unchecked((uint)(item.Value >> 32)) }
                ),
            ]
        );

    public byte[] Build()
    {
        List<byte> blob = bigEndian ? [0xeb, 0x9f, 1, 0] : [0x9f, 0xeb, 1, 0];
        AddNumber(blob, 24);
        AddNumber(blob, 0);
        AddNumber(blob, (uint)_types.Count);
        AddNumber(blob, (uint)_types.Count);
        AddNumber(blob, (uint)_strings.Count);
        return [.. blob, .. _types, .. _strings];
    }

    private uint Compound(uint kind, string name, uint size, (string Name, uint Type, uint Bit, uint Bits)[] members) =>
        Add(
            kind,
            name,
            members.Any(member => member.Bits != 0),
            members.Length,
            size,
            [.. members.SelectMany(item => new[] { Name(item.Name), item.Type, (item.Bits << 24) | item.Bit })]
        );

    private uint Name(string text)
    {
        if (text.Length == 0)
            return 0;

        if (!_names.TryGetValue(text, out uint offset))
        {
            _names[text] = offset = FirstString + (uint)_strings.Count;
            _strings.AddRange(Encoding.UTF8.GetBytes(text));
            _strings.Add(0);
        }

        return offset;
    }

    private void AddNumber(List<byte> bytes, uint number)
    {
        Span<byte> four = stackalloc byte[4];
        if (bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(four, number);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(four, number);

        bytes.AddRange(four);
    }
}
