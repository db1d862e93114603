namespace Osprey.Traces.Formatting;

/// <summary>A stretch of literal text and the conversion behind it.</summary>
/// <param name="Literal">Text before the conversion, in UTF-8.</param>
/// <param name="Conversion">The conversion's letter; NUL for the text behind the last one.</param>
/// <param name="Flags">The conversion's flags.</param>
/// <param name="Width">Least width in characters; 0 for none.</param>
/// <param name="Precision">The precision; -1 for none.</param>
internal sealed record FormatPiece(byte[] Literal, char Conversion, FormatFlags Flags, int Width, int Precision)
{
    /// <summary>Tells whether the value is printed bare, without padding or signs.</summary>
    public bool IsPlain { get; } = Flags == FormatFlags.None && Width == 0 && Precision < 0;

    /// <summary>Tells whether an integer is printed bare or filled up with zeros at most.</summary>
    public bool IsZeroFilled { get; } =
        Precision < 0 && (Flags == FormatFlags.Zero || (Flags == FormatFlags.None && Width == 0));
}
