using Osprey.Symbols.Types;

namespace Osprey.Values.Floats;

/// <summary>A binary format of floating point numbers: sign, exponent, fraction, from the highest bit down.</summary>
/// <param name="Bytes">The bytes that hold the number; a type can have more, which are padding.</param>
/// <param name="Precision">The bits of the significand, with its leading 1 bit.</param>
/// <param name="ExponentBits">The bits of the exponent.</param>
/// <param name="HasLeadingBit">True when the leading 1 bit is stored, as the x87 does.</param>
internal sealed record FloatFormat(int Bytes, int Precision, int ExponentBits, bool HasLeadingBit = false)
{
    /// <summary>
    /// Parts of the names of IEEE numbers with 128 bits. Their size is that of x86's long double: only the name tells.
    /// </summary>
    private static readonly string[] s_quadruples = ["float128", "Float128", "ieee128", "f128"];

    private static readonly string[] s_brains = ["bf16", "bfloat16"];

    /// <summary>IEEE's format of 16 bits.</summary>
    public static FloatFormat Half { get; } = new(2, 11, 5);

    /// <summary>The upper half of a <c>float</c>.</summary>
    public static FloatFormat Brain { get; } = new(2, 8, 8);

    /// <summary>The format of <c>float</c>.</summary>
    public static FloatFormat Single { get; } = new(4, 24, 8);

    /// <summary>The format of <c>double</c>.</summary>
    public static FloatFormat Double { get; } = new(8, 53, 11);

    /// <summary>The format of the x87, which is x86's <c>long double</c>.</summary>
    public static FloatFormat Extended { get; } = new(10, 64, 15, true);

    /// <summary>IEEE's format of 128 bits.</summary>
    public static FloatFormat Quadruple { get; } = new(16, 113, 15);

    /// <summary>The number that is added to an exponent before it is stored.</summary>
    public int Bias => (1 << (ExponentBits - 1)) - 1;

    /// <summary>The stored exponent of infinities and NaNs.</summary>
    public int SpecialExponent => (1 << ExponentBits) - 1;

    /// <summary>The bits between the exponent and the end.</summary>
    public int StoredBits => HasLeadingBit ? Precision : Precision - 1;

    /// <summary>The decimal digits after which different numbers look different.</summary>
    public int Digits => (int)(2 + (Precision * 0.30102999566398120));

    /// <summary>Finds the format of a type; null when it is no floating point number, or not understood.</summary>
    public static FloatFormat? Find(DebugType? type) =>
        type?.Stripped is BaseType { Encoding: BaseEncoding.Float } number ? Find(number.Name, number.Size ?? 0) : null;

    /// <summary>Finds the format of the two parts of a complex number; null when the type is no such number.</summary>
    public static FloatFormat? FindOfParts(DebugType? type) =>
        type?.Stripped is BaseType { Encoding: BaseEncoding.ComplexFloat, Size: { } size } number && size % 2 == 0
            ? Find(number.Name, size / 2)
            : null;

    private static FloatFormat? Find(string? name, ulong size) =>
        size switch
        {
            2 => HasPart(name, s_brains) ? Brain : Half,
            4 => Single,
            8 => Double,
            10 or 12 => Extended,
            16 => HasPart(name, s_quadruples) ? Quadruple : Extended,
            _ => null,
        };

    private static bool HasPart(string? name, string[] parts) => name is not null && parts.Any(name.Contains);
}
