using System.Buffers.Binary;
using System.Text;

namespace Osprey.Tests.Builders.Traces;

/// <summary>A sample of a trace that a test builds.</summary>
internal sealed record BuiltSample(BuiltTracepoint Tracepoint)
{
    public ulong Thread { get; init; } = 0xffff800000a01040;

    public string ThreadName { get; init; } = "init";

    public ulong Time { get; init; }

    public uint Cpu { get; init; }

    public ulong[] Backtrace { get; init; } = [];

    /// <summary>The arguments: integers of any type, bool, float, double, string, or bytes for a blob.</summary>
    public object[] Arguments { get; init; } = [];

    /// <summary>Returns the bytes of the arguments.</summary>
    /// <param name="filler">The value of bytes in padding and behind the end of texts.</param>
    public byte[] Payload(byte filler = 0)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < Arguments.Length; i++)
        {
            byte[] value = Encode(Tracepoint.Signature[i], Arguments[i], filler);
            int alignment = Tracepoint.Signature[i] switch
            {
                'p' => 1,
                '*' => 2,
                _ => value.Length,
            };
            while (bytes.Count % alignment != 0)
                bytes.Add(filler);

            bytes.AddRange(value);
        }

        return [.. bytes];
    }

    private static byte[] Encode(char type, object value, byte filler)
    {
        if (type == 'p')
        {
            byte[] text = value as byte[] ?? Encoding.UTF8.GetBytes((string)value);
            byte[] field = [(byte)text.Length, .. text];
            return [.. field, .. Enumerable.Repeat(filler, 50 - field.Length)];
        }

        if (type == '*')
        {
            byte[] blob = (byte[])value;
            byte[] length = new byte[sizeof(ushort)];
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)blob.Length);
            return [.. length, .. blob];
        }

        return type switch
        {
            'c' or 'B' => [Convert.ToByte(value)],
            'b' => [unchecked((byte)Convert.ToSByte(value))],
            '?' => [Convert.ToBoolean(value) ? (byte)1 : (byte)0],
            'h' => BitConverter.GetBytes(Convert.ToInt16(value)),
            'H' => BitConverter.GetBytes(Convert.ToUInt16(value)),
            'i' => BitConverter.GetBytes(Convert.ToInt32(value)),
            'I' => BitConverter.GetBytes(Convert.ToUInt32(value)),
            'q' => BitConverter.GetBytes(Convert.ToInt64(value)),
            'Q' or 'P' => BitConverter.GetBytes(Convert.ToUInt64(value)),
            'f' => BitConverter.GetBytes(Convert.ToSingle(value)),
            'd' => BitConverter.GetBytes(Convert.ToDouble(value)),
            _ => throw new ArgumentException($"no such type: {type}"),
        };
    }
}
