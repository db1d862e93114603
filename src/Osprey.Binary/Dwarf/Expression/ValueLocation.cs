namespace Osprey.Binary.Dwarf.Expression;

/// <summary>The location of an object or of a piece of one, as an expression gives it.</summary>
public abstract record ValueLocation
{
    private ValueLocation() { }

    /// <summary>The object is in memory.</summary>
    /// <param name="Address">Run-time address of its first byte.</param>
    public sealed record Memory(ulong Address) : ValueLocation;

    /// <summary>The object is in a register.</summary>
    /// <param name="Number">The register's DWARF number.</param>
    public sealed record Register(int Number) : ValueLocation;

    /// <summary>The object is nowhere, but its bytes are known.</summary>
    /// <param name="Bytes">The bytes as they would lie in memory.</param>
    public sealed record Implicit(ReadOnlyMemory<byte> Bytes) : ValueLocation
    {
        /// <inheritdoc/>
        public bool Equals(Implicit? other) => other is not null && Bytes.Span.SequenceEqual(other.Bytes.Span);

        /// <inheritdoc/>
        public override int GetHashCode() => Bytes.Length;
    }

    /// <summary>The object is nowhere, but its value was computed.</summary>
    /// <param name="Bits">The value, as wide as an address or as its type in the expression.</param>
    public sealed record Value(ulong Bits) : ValueLocation;

    /// <summary>
    /// The object is a pointer that was optimised away; it points to an object that debug info describes.
    /// </summary>
    /// <param name="EntryOffset">Offset in <c>.debug_info</c> of the entry of the object that it points to.</param>
    /// <param name="ByteOffset">Bytes from that object's start to the place that it points to.</param>
    public sealed record ImplicitPointer(ulong EntryOffset, long ByteOffset) : ValueLocation;

    /// <summary>The program no longer has the object at this place in the code.</summary>
    /// <param name="Reason">The reason, in a few words.</param>
    public sealed record OptimizedOut(string Reason) : ValueLocation;

    /// <summary>The object is somewhere, but a fact that the expression needs is not known.</summary>
    /// <param name="Reason">The missing fact, such as "register 3 is not known".</param>
    public sealed record Unavailable(string Reason) : ValueLocation;
}
