using Osprey.Symbols.Types;

namespace Osprey.Values.Expressions;

/// <summary>A token of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its characters; of a literal, register or quoted name what is in it.</param>
/// <param name="Position">Where it starts.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, int End)
{
    /// <summary>The type of a literal.</summary>
    public BaseType? Type { get; init; }

    /// <summary>The value of an integer or character.</summary>
    public UInt128 Integer { get; init; }

    /// <summary>The value of a floating point number.</summary>
    public double Float { get; init; }

    /// <summary>Whether it is a certain punctuator or word.</summary>
    public bool Is(string text) => Kind is TokenKind.Punctuator or TokenKind.Identifier && Text == text;
}
