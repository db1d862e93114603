using Osprey.Symbols.Types;

namespace Osprey.Values.Expressions;

/// <summary>A token of an expression.</summary>
/// <param name="Kind">The kind of the token.</param>
/// <param name="Text">The characters; for a literal, register or quoted name, those without quotes or <c>$</c>.</param>
/// <param name="Position">The position of its first character.</param>
/// <param name="End">The position after its last character.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, int End)
{
    /// <summary>The type of a literal; null for other tokens.</summary>
    public BaseType? Type { get; init; }

    /// <summary>The value of an integer or character.</summary>
    public UInt128 Integer { get; init; }

    /// <summary>The value of a floating point number.</summary>
    public Floats.BinaryFloat Float { get; init; }

    /// <summary>Returns true when the token is a given punctuator or word.</summary>
    public bool Is(string text) => Kind is TokenKind.Punctuator or TokenKind.Identifier && Text == text;
}
