using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Osprey.Traces.Model;

namespace Osprey.Traces.Rings;

/// <summary>A sample as OSv's kernel writes it to its rings, and as dumps of them have it.</summary>
/// <remarks>
/// 48 bytes hold the tracepoint's address, the thread and its name, time, CPU and flags. If the flags say so, a
/// backtrace of fixed size follows, filled up with zeros. The arguments are behind that. The next record begins at a
/// multiple of 8 bytes. In place of the tracepoint's address, all ones mark a record that the kernel is still writing,
/// and zero marks the unused end of a page of the ring.
/// </remarks>
internal static class KernelRecord
{
    /// <summary>Size of the fields before the backtrace.</summary>
    public const int HeaderSize = 48;

    /// <summary>The mark of a record that is being written, in place of the tracepoint's address.</summary>
    public const ulong Unfinished = ulong.MaxValue;

    private const int TimeOffset = 32;
    private const int FlagsOffset = 44;

    /// <summary>The time of a record.</summary>
    public static ulong TimeOf(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt64LittleEndian(record[TimeOffset..]);

    /// <summary>Finds where the arguments of a record begin.</summary>
    /// <param name="record">At least the record's first 48 bytes.</param>
    /// <param name="backtraceLength">The return addresses in a record that has a backtrace.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PayloadOf(ReadOnlySpan<byte> record, int backtraceLength) =>
        HeaderSize + ((record[FlagsOffset] & 1) != 0 ? backtraceLength * sizeof(ulong) : 0);

    /// <summary>Rounds a record's size up to where the next one begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Pad(int size) => (size + 7) & ~7;

    /// <summary>Writes the fields before the backtrace.</summary>
    /// <param name="record">Where to; all zeros.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="flags">1 when a backtrace follows, otherwise 0.</param>
    public static void WriteHead(Span<byte> record, in SampleFields sample, byte flags)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(record, sample.Tracepoint.Key);
        BinaryPrimitives.WriteUInt64LittleEndian(record[SampleLayout.Thread..], sample.Thread);
        SampleBatch.WriteName(record.Slice(SampleLayout.ThreadName, SampleLayout.ThreadNameSize), sample.ThreadName);
        BinaryPrimitives.WriteUInt64LittleEndian(record[TimeOffset..], sample.Time);
        BinaryPrimitives.WriteUInt32LittleEndian(record[SampleLayout.Cpu..], sample.Cpu);
        record[FlagsOffset] = flags;
    }

    /// <summary>Packs a whole record into a batch, behind the samples that are in it.</summary>
    /// <param name="record">The record, without what fills it up.</param>
    /// <param name="payload">Where its arguments begin.</param>
    /// <param name="tracepoint">Its tracepoint, with a known layout.</param>
    /// <param name="batch">Grows as needed.</param>
    /// <param name="used">Bytes of the batch's buffer in use; moved on.</param>
    public static void Pack(
        ReadOnlySpan<byte> record,
        int payload,
        Tracepoint tracepoint,
        SampleBatch batch,
        ref int used
    )
    {
        batch.EnsureCapacity(used + record.Length + sizeof(ulong));
        Span<byte> target = batch.Buffer.AsSpan(used);
        // Key, thread, time and CPU have the same places in a record and in the model.
        record[..SampleLayout.ThreadName].CopyTo(target);
        CopyName(
            record.Slice(SampleLayout.ThreadName, SampleLayout.ThreadNameSize),
            target.Slice(SampleLayout.ThreadName, SampleLayout.ThreadNameSize)
        );
        record[SampleLayout.Time..SampleLayout.Backtrace].CopyTo(target[SampleLayout.Time..]);
        int position = SampleLayout.Backtrace;
        for (int frame = HeaderSize; frame < payload; frame += sizeof(ulong))
        {
            ReadOnlySpan<byte> address = record.Slice(frame, sizeof(ulong));
            if (BinaryPrimitives.ReadUInt64LittleEndian(address) != 0)
            {
                address.CopyTo(target[position..]);
                position += sizeof(ulong);
            }
        }

        target.Slice(position, sizeof(ulong)).Clear();
        position += sizeof(ulong);
        ReadOnlySpan<byte> arguments = record[payload..];
        arguments.CopyTo(target[position..]);
        ClearGarbage(tracepoint.Layout!, target.Slice(position, arguments.Length));
        batch.AddInPlace(new SampleRecord(used, used + position, used + position + arguments.Length, tracepoint.Index));
        used += position + arguments.Length;
    }

    private static void CopyName(ReadOnlySpan<byte> field, Span<byte> target)
    {
        int length = field.IndexOf((byte)0);
        length = length < 0 ? field.Length : length;
        target.Clear();
        field[..length].CopyTo(target);
    }

    /// <summary>Zeroes what the guest left in padding and behind the end of text.</summary>
    private static void ClearGarbage(PayloadLayout layout, Span<byte> payload)
    {
        int end = 0;
        for (int i = 0; i < layout.Fields.Length; i++)
        {
            PayloadField field = layout.Fields[i];
            int offset = layout.OffsetOf(i, payload);
            payload[end..offset].Clear();
            end = offset + field.Size;
            if (field.Type == ArgumentType.Text)
            {
                byte length = Math.Min(payload[offset], (byte)(field.Size - 1));
                payload[offset] = length;
                payload[(offset + 1 + length)..end].Clear();
            }
            else if (field.Type == ArgumentType.Blob)
            {
                end += BinaryPrimitives.ReadUInt16LittleEndian(payload[offset..]);
            }
        }
    }
}
