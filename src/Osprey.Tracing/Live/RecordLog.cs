using System.Runtime.InteropServices;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Live;

/// <summary>A log of the places of records, in the order of their completion: many producers, one consumer.</summary>
/// <remarks>
/// A producer takes the next number and stores the record's place, with the number's lap, in the slot of that number.
/// It never waits: when the consumer is more than a lap behind, older places are overwritten, and a producer that was
/// overtaken by a whole lap leaves the slot alone. The consumer goes through all numbers; each is a record, or
/// counted as lost: because its slot was overwritten, or because the record was by the time that the consumer came to
/// it.
/// </remarks>
internal static unsafe class RecordLog
{
    private const int SlotCount = 65_536;
    private const int LapBits = 15;
    private const int RingBits = 10;
    private const int PlaceBits = 38; // in units of 8 bytes
    private const ulong Valid = 1UL << 63;

    private static readonly ulong* s_slots = (ulong*)NativeMemory.AllocZeroed(SlotCount, sizeof(ulong));
    private static long s_written;
    private static bool s_isOn;

    /// <summary>Whether somebody follows the log.</summary>
    public static bool IsOn
    {
        get => Volatile.Read(ref s_isOn);
        set => Volatile.Write(ref s_isOn, value);
    }

    /// <summary>The number of records that were ever added.</summary>
    public static long Written => Volatile.Read(ref s_written);

    /// <summary>Adds a record that was completed.</summary>
    public static void Add(int ring, ulong position)
    {
        unchecked
        {
            long number = Interlocked.Increment(ref s_written) - 1;
            ulong value =
                Valid
                | (LapOf(number) << (RingBits + PlaceBits))
                | ((ulong)ring << PlaceBits)
                | ((position / 8) & ((1UL << PlaceBits) - 1));
            ref ulong slot = ref s_slots[number & (SlotCount - 1)];
            ulong before = Volatile.Read(ref slot);
            while (AgeOf(before, number) <= 0)
            {
                ulong found = Interlocked.CompareExchange(ref slot, value, before);
                if (found == before)
                    return;
                before = found;
            }
        }
    }

    /// <summary>Looks for the record of a number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="buffer">Receives the bytes of the record's page from the record on.</param>
    /// <param name="size">The number of those bytes.</param>
    public static RecordLogResult Read(long number, Span<byte> buffer, out int size)
    {
        unchecked
        {
            size = 0;
            if (Written - number > SlotCount)
                return RecordLogResult.Lost;

            ulong value = Volatile.Read(ref s_slots[number & (SlotCount - 1)]);
            int age = AgeOf(value, number);
            if (age != 0)
                return age > 0 ? RecordLogResult.Lost : RecordLogResult.NotYet;

            RingDescriptor* ring = TraceRings.Get((int)((value >> PlaceBits) & ((1 << RingBits) - 1)));
            ulong last = Volatile.Read(ref ring->Last);
            ulong place = ((last / 8) & ~((1UL << PlaceBits) - 1)) | (value & ((1UL << PlaceBits) - 1));
            if (place > last / 8)
                place -= 1UL << PlaceBits;
            return Copy(ring, place * 8, buffer, out size) ? RecordLogResult.Found : RecordLogResult.Lost;
        }
    }

    private static bool Copy(RingDescriptor* ring, ulong position, Span<byte> buffer, out int size)
    {
        unchecked
        {
            ulong pageSize = (ulong)TraceRings.PageSize;
            ulong page = position & ~(pageSize - 1);
            size = (int)(page + pageSize - position);
            new ReadOnlySpan<byte>(ring->Base + (position & (ring->Size - 1)), size).CopyTo(buffer);
            // The copy is the record unless the ring's end has come round to the page, or its first word tells so.
            Interlocked.MemoryBarrier();
            return Volatile.Read(ref ring->Last) <= page + ring->Size;
        }
    }

    private static ulong LapOf(long number) => unchecked((ulong)(number / SlotCount) & ((1 << LapBits) - 1));

    /// <summary>
    /// Compares a slot with what a number would store there: 0 when it is of the same lap, less when it is empty or
    /// of an older one, more when it is of a newer one.
    /// </summary>
    private static int AgeOf(ulong value, long number)
    {
        unchecked
        {
            if ((value & Valid) == 0)
                return -1;

            ulong lap = (value >> (RingBits + PlaceBits)) & ((1 << LapBits) - 1);
            int difference = (int)(lap - LapOf(number)) & ((1 << LapBits) - 1);
            return difference < 1 << (LapBits - 1) ? difference : difference - (1 << LapBits);
        }
    }
}
