using System.Buffers.Binary;
using Osprey.Tracing.Arguments;
using Osprey.Tracing.Memory;

namespace Osprey.Tracing.Rings;

/// <summary>Finds where a record ends.</summary>
internal static class RecordSize
{
    /// <summary>Returns a record's size, without what rounds it up; 0 when it does not end within the bytes.</summary>
    /// <param name="record">The bytes from the record's begin on.</param>
    /// <param name="signature">The types of its arguments.</param>
    public static int Of(ReadOnlySpan<byte> record, string signature)
    {
        if (record.Length < RecordLayout.HeaderSize)
            return 0;

        int start = PayloadStart(record);
        int offset = 0;
        foreach (char type in signature)
        {
            int alignment = SignatureText.AlignmentOf(type);
            offset = (offset + alignment - 1) & ~(alignment - 1);
            if (type == '*')
            {
                if (start + offset + 2 > record.Length)
                    return 0;
                offset += 2 + BinaryPrimitives.ReadUInt16LittleEndian(record[(start + offset)..]);
            }
            else
            {
                offset += SignatureText.SizeOf(type);
            }
        }

        return start + offset <= record.Length ? start + offset : 0;
    }

    /// <summary>Returns the offset of a record's arguments.</summary>
    public static int PayloadStart(ReadOnlySpan<byte> record) =>
        (record[RecordLayout.FlagsOffset] & 1) != 0
            ? RecordLayout.HeaderSize + RecordLayout.BacktraceSize
            : RecordLayout.HeaderSize;
}
