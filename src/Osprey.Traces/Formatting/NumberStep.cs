using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formatting;

/// <summary>
/// An integer that a format prints bare or filled up with zeros, and that has the same place in all payloads of its
/// tracepoint: what nearly all arguments are.
/// </summary>
/// <param name="Conversion">
/// <c>d</c> for decimal, <c>x</c> for hexadecimal; NUL where the argument or its conversion is of another kind.
/// </param>
/// <param name="Width">Least number of digits.</param>
/// <param name="Field">The argument's place.</param>
internal readonly record struct NumberStep(char Conversion, int Width, PayloadField Field)
{
    private readonly bool _isSigned = Field.Type.IsSigned;

    /// <summary>Makes a step of a conversion and its argument.</summary>
    public static NumberStep Of(FormatPiece piece, PayloadField field)
    {
        char conversion = piece.Conversion switch
        {
            'd' or 'i' or 'u' => 'd',
            'x' => 'x',
            _ => '\0',
        };
        bool isNumber = (field.Type.IsInteger && field.Type != ArgumentType.Boolean) || field.Type == ArgumentType.Char;
        return piece.IsZeroFilled && isNumber && field.Offset >= 0
            ? new NumberStep(conversion, piece.Width, field)
            : default;
    }

    /// <summary>Reads the number.</summary>
    /// <param name="payload">At least as long as the part of its layout that is fixed.</param>
    /// <param name="value">The number.</param>
    /// <returns>False for a negative one, which is printed in another way.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> payload, out ulong value)
    {
        ReadOnlySpan<byte> bytes = payload[Field.Offset..];
        value = Field.Size switch
        {
            8 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            _ => bytes[0],
        };
        return !_isSigned || value >> ((Field.Size * 8) - 1) == 0;
    }
}
