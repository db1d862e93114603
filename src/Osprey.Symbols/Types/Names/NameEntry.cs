using System.Runtime.InteropServices;

namespace Osprey.Symbols.Types.Names;

/// <summary>One name of the index, as it is in memory and on disk; an offset of 0 is an empty slot.</summary>
/// <param name="Key">Hash of the qualified name.</param>
/// <param name="Offset">Where the entry starts in its section.</param>
/// <param name="Info">
/// Kind in the low 4 bits, then whether it is in <c>.debug_types</c>, then what tells equal names apart.
/// </param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct NameEntry(ulong Key, uint Offset, uint Info) : IComparable<NameEntry>
{
    /// <summary>Bytes of one.</summary>
    public const int Size = 16;

    private const uint TypesBit = 0x10;

    public NameKind Kind => (NameKind)(Info & 0xf);

    /// <summary>Whether it is in <c>.debug_types</c>.</summary>
    public bool IsInTypes => (Info & TypesBit) != 0;

    /// <summary>What tells it apart from others of its name and kind.</summary>
    public uint Distinction => Info >> 5;

    public bool IsEmpty => Offset == 0;

    public static NameEntry Create(ulong key, ulong offset, NameKind kind, bool isInTypes, uint distinction) =>
        new(key, checked((uint)offset), (uint)kind | (isInTypes ? TypesBit : 0) | unchecked(distinction << 5));

    /// <summary>The order of the file, what is in <c>.debug_types</c> last.</summary>
    public int CompareTo(NameEntry other) =>
        IsInTypes != other.IsInTypes ? IsInTypes.CompareTo(other.IsInTypes) : Offset.CompareTo(other.Offset);

    /// <summary>Whether only one of the two is to be kept.</summary>
    public bool IsSameAs(in NameEntry other) => Key == other.Key && ((Info ^ other.Info) & ~TypesBit) == 0;
}
