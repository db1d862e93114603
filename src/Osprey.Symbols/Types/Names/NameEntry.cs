using System.Runtime.InteropServices;

namespace Osprey.Symbols.Types.Names;

/// <summary>
/// A name of the index, with the same bytes in memory and on disk. An offset of 0 marks an empty slot.
/// </summary>
/// <param name="Key">Hash of the qualified name.</param>
/// <param name="Offset">Offset of the entry in its section.</param>
/// <param name="Info">The kind in the low 4 bits, then 1 bit for <c>.debug_types</c>, then the distinction.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct NameEntry(ulong Key, uint Offset, uint Info) : IComparable<NameEntry>
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 16;

    private const uint TypesBit = 0x10;

    /// <summary>The kind of thing that has the name.</summary>
    public NameKind Kind => (NameKind)(Info & 0xf);

    /// <summary>True when the entry is in <c>.debug_types</c>.</summary>
    public bool IsInTypes => (Info & TypesBit) != 0;

    /// <summary>
    /// A number that differs for entries of the same name and kind that must all be kept; 0 where one of them is
    /// enough.
    /// </summary>
    public uint Distinction => Info >> 5;

    /// <summary>True for an empty slot.</summary>
    public bool IsEmpty => Offset == 0;

    /// <summary>Creates a name; only the low 27 bits of the distinction are kept.</summary>
    public static NameEntry Create(ulong key, ulong offset, NameKind kind, bool isInTypes, uint distinction) =>
        new(key, checked((uint)offset), (uint)kind | (isInTypes ? TypesBit : 0) | unchecked(distinction << 5));

    /// <summary>Compares by the order of the file; entries in <c>.debug_types</c> come last.</summary>
    public int CompareTo(NameEntry other) =>
        IsInTypes != other.IsInTypes ? IsInTypes.CompareTo(other.IsInTypes) : Offset.CompareTo(other.Offset);

    /// <summary>True when the index needs only one of the two.</summary>
    public bool IsSameAs(in NameEntry other) => Key == other.Key && ((Info ^ other.Info) & ~TypesBit) == 0;
}
