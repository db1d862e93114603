using System.Buffers.Binary;
using Osprey.Tracing.Memory;

namespace Osprey.Tracing.Rings;

/// <summary>The bytes of a ring at one moment.</summary>
/// <param name="bytes">The ring's bytes.</param>
/// <param name="last">The number of bytes ever written.</param>
/// <param name="pageSize">The size of the pages that records don't cross.</param>
internal sealed unsafe class RingCopy(byte[] bytes, ulong last, int pageSize)
{
    /// <summary>Receives a record.</summary>
    /// <param name="header">The bytes from the record's begin to the ring's end.</param>
    /// <returns>The record's size; 0 when it is not understood, after which the next page is read.</returns>
    public delegate int RecordReader(ReadOnlySpan<byte> header);

    /// <summary>Copies a ring while nobody writes to it; writers take other rings meanwhile.</summary>
    public static RingCopy Take(RingDescriptor* ring)
    {
        bool owned = TraceRings.OwnToRead(ring);
        try
        {
            ulong last = Volatile.Read(ref ring->Last);
            int used = (int)Math.Min(ring->Size, last);
            byte[] bytes = GC.AllocateUninitializedArray<byte>((int)ring->Size);
            new ReadOnlySpan<byte>(ring->Base, used).CopyTo(bytes);
            return new RingCopy(bytes, last, TraceRings.PageSize);
        }
        finally
        {
            if (owned)
                TraceRings.Release(ring);
        }
    }

    /// <summary>Visits the records, oldest first.</summary>
    public void ForEach(RecordReader reader)
    {
        int size = bytes.Length;
        int end = (int)(last & (ulong)(size - 1));
        int pivot = (end + pageSize - 1) & ~(pageSize - 1);
        if (last >= (ulong)size)
            Visit(pivot, size, reader);
        // Behind a ring that is filled to its end there is nothing else.
        Visit(0, end, reader);
    }

    private void Visit(int start, int end, RecordReader reader)
    {
        int at = start;
        while (at < end)
        {
            ReadOnlySpan<byte> rest = bytes.AsSpan(at, end - at);
            ulong tracepoint = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            if (tracepoint == RecordLayout.Incomplete)
                return;

            if (tracepoint == 0)
            {
                at = (at / pageSize * pageSize) + pageSize;
                continue;
            }

            int size = reader(rest);
            // What is not understood has no known end: the records of the next page are not to be lost with it.
            at = size == 0 ? (at / pageSize * pageSize) + pageSize : at + RecordLayout.Round(size);
            // A record that ends its page leaves no room for the sign that the rest is unused.
        }
    }
}
