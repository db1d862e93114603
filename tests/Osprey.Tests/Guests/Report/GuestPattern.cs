using System.Buffers.Binary;

namespace Osprey.Tests.Guests.Report;

/// <summary>Memory whose contents follow from a seed.</summary>
internal sealed record GuestPattern(int Space, string Name, ulong Address, ulong Size, ulong Seed)
{
    /// <summary>The bytes from an address on; the range lies within.</summary>
    public byte[] GetBytes(ulong address, int length)
    {
        ulong offset = address - Address;
        byte[] words = new byte[length + (2 * sizeof(ulong))];
        ulong first = offset / sizeof(ulong);
        for (ulong i = 0; i <= (ulong)length / sizeof(ulong) + 1; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(
                words.AsSpan((int)i * sizeof(ulong)),
                Mix(unchecked(Seed + first + i))
            );

        return words.AsSpan((int)(offset % sizeof(ulong)), length).ToArray();
    }

    /// <summary>The guest's function of this name.</summary>
    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9e3779b97f4a7c15;
            value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
            value = (value ^ value >> 27) * 0x94d049bb133111eb;
            return value ^ value >> 31;
        }
    }
}
