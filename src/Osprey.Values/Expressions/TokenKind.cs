namespace Osprey.Values.Expressions;

/// <summary>Kinds of tokens.</summary>
internal enum TokenKind
{
    End,
    Identifier,
    Number,
    Character,
    String,

    /// <summary>A register or other name behind <c>$</c>.</summary>
    Register,

    /// <summary>A name in single quotes, or a source file's before <c>::</c>.</summary>
    QuotedName,
    Punctuator,
}
