namespace Osprey.Values.Expressions;

/// <summary>The kinds of tokens.</summary>
internal enum TokenKind
{
    End,
    Identifier,
    Number,
    Character,
    String,

    /// <summary>A register or another name after <c>$</c>.</summary>
    Register,

    /// <summary>A name in single quotes, or a source file's name before <c>::</c>.</summary>
    QuotedName,
    Punctuator,
}
