using System.Buffers.Binary;

namespace Osprey.Traces.Model;

/// <summary>Lays out the arguments of samples: one call an argument, in the order of the signature.</summary>
/// <remarks>Used again for every sample: <see cref="Start"/> begins a payload, <see cref="Finish"/> ends it.</remarks>
public sealed class PayloadBuilder
{
    private byte[] _bytes = new byte[256];
    private PayloadLayout? _layout;
    private int _field;
    private int _size;

    /// <summary>Begins a payload.</summary>
    /// <param name="layout">The layout of the tracepoint.</param>
    public void Start(PayloadLayout layout)
    {
        _layout = layout;
        _field = 0;
        _size = 0;
    }

    /// <summary>Adds an integer, pointer, boolean or character; bits that do not fit are cut off.</summary>
    public void AddInteger(long value)
    {
        PayloadField field = NextField();
        if (field.Type.IsBytes || field.Type.IsFloating)
            throw new InvalidOperationException($"argument {_field - 1} is no integer: its type is {field.Type}");

        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        bytes[..field.Size].CopyTo(Append(field));
    }

    /// <summary>Adds a floating-point number.</summary>
    public void AddDouble(double value)
    {
        PayloadField field = NextField();
        if (!field.Type.IsFloating)
            throw new InvalidOperationException($"argument {_field - 1} is no fraction: its type is {field.Type}");

        if (field.Type == ArgumentType.Single)
            BinaryPrimitives.WriteSingleLittleEndian(Append(field), (float)value);
        else
            BinaryPrimitives.WriteDoubleLittleEndian(Append(field), value);
    }

    /// <summary>Adds a text or blob; bytes that do not fit are cut off.</summary>
    public void AddBytes(ReadOnlySpan<byte> value)
    {
        PayloadField field = NextField();
        if (field.Type == ArgumentType.Text)
        {
            Span<byte> target = Append(field);
            if (target.IsEmpty)
                return;

            value = value[..Math.Min(value.Length, Math.Min(field.Size - 1, byte.MaxValue))];
            target[0] = (byte)value.Length;
            value.CopyTo(target[1..]);
            return;
        }

        if (field.Type != ArgumentType.Blob)
            throw new InvalidOperationException($"argument {_field - 1} holds no bytes: its type is {field.Type}");

        value = value[..Math.Min(value.Length, ushort.MaxValue)];
        BinaryPrimitives.WriteUInt16LittleEndian(Append(field), (ushort)value.Length);
        value.CopyTo(Grow(value.Length));
    }

    /// <summary>Ends the payload; valid until the next one starts.</summary>
    /// <exception cref="InvalidOperationException">An argument is missing.</exception>
    public ReadOnlySpan<byte> Finish() =>
        _layout is not null && _field == _layout.Fields.Length
            ? _bytes.AsSpan(0, _size)
            : throw new InvalidOperationException($"the payload has {_field} of its arguments");

    private PayloadField NextField() =>
        _layout is not null && _field < _layout.Fields.Length
            ? _layout.Fields[_field++]
            : throw new InvalidOperationException($"the layout has no argument {_field}");

    private Span<byte> Append(PayloadField field)
    {
        Grow(PayloadLayout.AlignUp(_size, field.Alignment) - _size);
        return Grow(field.Size);
    }

    /// <summary>Appends zeros.</summary>
    private Span<byte> Grow(int size)
    {
        if (_bytes.Length < _size + size)
            Array.Resize(ref _bytes, Math.Max(_size + size, _bytes.Length * 2));

        Span<byte> added = _bytes.AsSpan(_size, size);
        added.Clear();
        _size += size;
        return added;
    }
}
