using System.Buffers.Binary;
using Osprey.Binary;

namespace Osprey.Traces.Model;

/// <summary>The place of each argument in a tracepoint's payload, worked out from its signature.</summary>
/// <remarks>
/// A signature is one character per argument; a text field may carry its size in front (<c>50p</c>); a bare <c>p</c>
/// stands for 50 bytes, which is what OSv writes. Fields are aligned to their size relative to the payload's
/// start.
/// </remarks>
public sealed class PayloadLayout
{
    /// <summary>Size of a text field whose signature does not give one.</summary>
    public const int DefaultTextSize = 50;

    private const int MaxTextSize = 256;
    private readonly PayloadField[] _fields;

    private PayloadLayout(PayloadField[] fields, int fixedSize)
    {
        _fields = fields;
        FixedSize = fixedSize;
    }

    /// <summary>The arguments in order.</summary>
    public ReadOnlySpan<PayloadField> Fields => _fields;

    /// <summary>Size of every payload in bytes, or -1 when blobs make it vary.</summary>
    public int FixedSize { get; }

    /// <summary>Works out the layout of <paramref name="signature"/>.</summary>
    /// <param name="signature">In the host's spelling or the guest's.</param>
    /// <param name="layout">Null when the answer is false.</param>
    /// <param name="problem">What is wrong with the signature when the answer is false.</param>
    public static bool TryParse(string signature, out PayloadLayout? layout, out string? problem)
    {
        var fields = new List<PayloadField>(signature.Length);
        layout = null;
        int offset = 0;
        for (int i = 0; i < signature.Length; i++)
        {
            int count = -1;
            while (i < signature.Length && char.IsAsciiDigit(signature[i]))
            {
                count = ((count < 0 ? 0 : count) * 10) + (signature[i++] - '0');
                if (count > MaxTextSize)
                {
                    problem = $"signature '{MessageText.Shorten(signature)}' has a field of over {MaxTextSize} bytes";
                    return false;
                }
            }

            char code = i < signature.Length ? signature[i] : '\0';
            int size = SizeOf(code, count);
            if (size <= 0)
            {
                problem =
                    $"signature '{MessageText.Shorten(signature)}' has no known type at character "
                    + Math.Min(i, signature.Length);
                return false;
            }

            int alignment = code is 'p' ? 1 : size;
            if (offset >= 0)
                offset = AlignUp(offset, alignment);

            fields.Add(new PayloadField((ArgumentType)code, size, alignment, offset));
            offset = offset < 0 || code == '*' ? -1 : offset + size;
        }

        problem = null;
        layout = new PayloadLayout([.. fields], offset);
        return true;
    }

    /// <summary>Size of the payload that starts at <paramref name="data"/>'s first byte.</summary>
    /// <returns>The size in bytes, or -1 when <paramref name="data"/> ends before the payload does.</returns>
    public int Measure(ReadOnlySpan<byte> data)
    {
        if (FixedSize >= 0)
            return FixedSize <= data.Length ? FixedSize : -1;

        int position = 0;
        foreach (PayloadField field in _fields)
        {
            position = AlignUp(position, field.Alignment) + field.Size;
            if (position > data.Length)
                return -1;

            if (field.Type == ArgumentType.Blob)
            {
                position += BinaryPrimitives.ReadUInt16LittleEndian(data[(position - 2)..]);
                if (position > data.Length)
                    return -1;
            }
        }

        return position;
    }

    /// <summary>Finds argument <paramref name="index"/> in one payload.</summary>
    /// <returns>Its offset, or -1 when the payload is too short.</returns>
    public int OffsetOf(int index, ReadOnlySpan<byte> payload)
    {
        PayloadField wanted = _fields[index];
        if (wanted.Offset >= 0)
            return wanted.Offset + wanted.Size <= payload.Length ? wanted.Offset : -1;

        int position = 0;
        for (int i = 0; ; i++)
        {
            PayloadField field = _fields[i];
            position = AlignUp(position, field.Alignment);
            if (position + field.Size > payload.Length)
                return -1;

            if (i == index)
                return position;

            if (field.Type == ArgumentType.Blob)
                position += BinaryPrimitives.ReadUInt16LittleEndian(payload[position..]);

            position += field.Size;
        }
    }

    /// <summary>Rounds up to a multiple of a power of two.</summary>
    internal static int AlignUp(int value, int alignment) => (value + alignment - 1) & ~(alignment - 1);

    private static int SizeOf(char code, int count) =>
        code switch
        {
            'p' => count < 0 ? DefaultTextSize : count,
            _ when count >= 0 => 0,
            'c' or 'b' or 'B' or '?' => 1,
            'h' or 'H' or '*' => 2,
            'i' or 'I' or 'f' => 4,
            'q' or 'Q' or 'd' or 'P' => 8,
            _ => 0,
        };
}
