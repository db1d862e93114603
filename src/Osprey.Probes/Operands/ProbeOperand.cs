namespace Osprey.Probes.Operands;

/// <summary>The place of a probe's argument, in the assembler's words.</summary>
public abstract record ProbeOperand
{
    private ProbeOperand() { }

    /// <summary>A register or a part of one.</summary>
    /// <param name="Number">The register's DWARF number.</param>
    /// <param name="Size">The bytes of it that the name stands for: 1 for <c>%al</c>; 16 for a vector register.</param>
    /// <param name="Shift">The lowest bit: 8 for <c>%ah</c>, otherwise 0.</param>
    public sealed record Register(int Number, int Size, int Shift) : ProbeOperand;

    /// <summary>A number that the compiler knew.</summary>
    /// <param name="Value">The number; one without sign of 64 bits is kept as two's complement.</param>
    public sealed record Immediate(long Value) : ProbeOperand;

    /// <summary>Memory at base + index * scale + displacement, or at a symbol.</summary>
    /// <param name="Displacement">What is added.</param>
    /// <param name="Base">DWARF number of the register; -1 for none. The program counter counts as one.</param>
    /// <param name="Index">DWARF number of the register; -1 for none.</param>
    /// <param name="Scale">The factor of the index: 1, 2, 4, 8, or 16.</param>
    /// <param name="Symbol">The symbol whose address is added; null for none.</param>
    /// <param name="Segment">The segment whose base is added, <c>fs</c> or <c>gs</c>; null for none.</param>
    public sealed record Memory(
        long Displacement,
        int Base = -1,
        int Index = -1,
        int Scale = 1,
        string? Symbol = null,
        string? Segment = null
    ) : ProbeOperand
    {
        /// <summary>How the index is widened; by AArch64 only.</summary>
        public IndexExtension Extension { get; init; }
    }

    /// <summary>One that is not understood.</summary>
    public sealed record Unknown : ProbeOperand;
}
