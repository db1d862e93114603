using Osprey.Target.Memory;

namespace Osprey.Session.Guests.Patching;

/// <summary>Bytes of a guest's memory at their physical address.</summary>
/// <param name="Address">The kernel's address.</param>
/// <param name="Physical">The physical address.</param>
/// <param name="Bytes">The bytes.</param>
internal readonly record struct PlacedBytes(ulong Address, PhysicalAddress Physical, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Tells whether a guest's memory holds these bytes.</summary>
    public bool AreIn(IPhysicalMemory memory)
    {
        Span<byte> found = Bytes.Length <= 64 ? stackalloc byte[Bytes.Length] : new byte[Bytes.Length];
        return memory.Read(Physical, found) == found.Length && found.SequenceEqual(Bytes.Span);
    }

    /// <summary>Tells whether other bytes follow directly, in both kinds of addresses.</summary>
    public bool IsBefore(PlacedBytes other) =>
        unchecked(Address + (ulong)Bytes.Length) == other.Address
        && unchecked(Physical.Value + (ulong)Bytes.Length) == other.Physical.Value;
}
