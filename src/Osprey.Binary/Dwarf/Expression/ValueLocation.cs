namespace Osprey.Binary.Dwarf.Expression;

/// <summary>Where an object or a piece of one is, as an expression says.</summary>
public abstract record ValueLocation
{
    private ValueLocation() { }

    /// <summary>In memory.</summary>
    /// <param name="Address">Run-time address of its first byte.</param>
    public sealed record Memory(ulong Address) : ValueLocation;

    /// <summary>In a register.</summary>
    /// <param name="Number">The number that DWARF gives it.</param>
    public sealed record Register(int Number) : ValueLocation;

    /// <summary>Nowhere, but its bytes are known.</summary>
    /// <param name="Bytes">As they would lie in memory.</param>
    public sealed record Implicit(ReadOnlyMemory<byte> Bytes) : ValueLocation
    {
        /// <inheritdoc/>
        public bool Equals(Implicit? other) => other is not null && Bytes.Span.SequenceEqual(other.Bytes.Span);

        /// <inheritdoc/>
        public override int GetHashCode() => Bytes.Length;
    }

    /// <summary>Nowhere, but its value was computed.</summary>
    /// <param name="Bits">The value, as wide as an address or as its type in the expression.</param>
    public sealed record Value(ulong Bits) : ValueLocation;

    /// <summary>It is a pointer that was optimised away, to an object that debug info describes.</summary>
    /// <param name="EntryOffset">Where the object's entry is in <c>.debug_info</c>.</param>
    /// <param name="ByteOffset">How far behind the object's start it points, in bytes.</param>
    public sealed record ImplicitPointer(ulong EntryOffset, long ByteOffset) : ValueLocation;

    /// <summary>The program no longer has it here.</summary>
    /// <param name="Reason">Why, in a few words.</param>
    public sealed record OptimizedOut(string Reason) : ValueLocation;

    /// <summary>It is somewhere, but what the expression needs can't be had.</summary>
    /// <param name="Reason">What can't be had, such as "register 3 is not known".</param>
    public sealed record Unavailable(string Reason) : ValueLocation;
}
