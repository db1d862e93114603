namespace Osprey.Session.Answers.Guests.Memory;

/// <summary>A piece of memory that was read.</summary>
/// <param name="address">The address of its first byte.</param>
/// <param name="size">Its size in bytes.</param>
/// <param name="bytes">The bytes; empty when they can't be read.</param>
public readonly ref struct MemoryPiece(ulong address, ulong size, ReadOnlySpan<byte> bytes)
{
    /// <summary>The columns.</summary>
    internal static Shape<MemoryPiece> Shape { get; } =
        new Shape<MemoryPiece>("pieces")
            .Address("address", piece => piece.Address)
            .Size("size", piece => piece.Size)
            .Bytes("hex", piece => piece.Bytes);

    /// <summary>The address of its first byte.</summary>
    public ulong Address { get; } = address;

    /// <summary>Its size in bytes.</summary>
    public ulong Size { get; } = size;

    /// <summary>The bytes; empty when they can't be read.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;
}
