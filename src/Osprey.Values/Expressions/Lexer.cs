using System.Text;
using Osprey.Symbols.Types;

namespace Osprey.Values.Expressions;

/// <summary>Splits an expression into tokens.</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] s_punctuators =
    [
        "<<=",
        ">>=",
        "...",
        "->*",
        "::",
        "->",
        "++",
        "--",
        "<<",
        ">>",
        "<=",
        ">=",
        "==",
        "!=",
        "&&",
        "||",
        "+=",
        "-=",
        "*=",
        "/=",
        "%=",
        "&=",
        "|=",
        "^=",
        ".*",
        "+",
        "-",
        "*",
        "/",
        "%",
        "&",
        "|",
        "^",
        "~",
        "!",
        "<",
        ">",
        "=",
        "?",
        ":",
        ",",
        ".",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "@",
    ];

    private static readonly string[] s_sourceExtensions =
    [
        "c",
        "cc",
        "cpp",
        "cxx",
        "C",
        "h",
        "hh",
        "hpp",
        "S",
        "s",
        "asm",
        "rs",
        "inc",
    ];

    private int _position;

    /// <summary>Reads all tokens; the last one has the kind <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="ExpressionException">
    /// A character cannot begin a token, or a quote or number is malformed.
    /// </exception>
    public List<Token> ReadAll()
    {
        var tokens = new List<Token>();
        do
        {
            tokens.Add(Read());
        } while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private Token Read()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
            _position++;

        int start = _position;
        if (start == text.Length)
            return new Token(TokenKind.End, "", start, start);

        char c = text[start];
        if (IsNameStart(c))
            return ReadName(start);

        if (char.IsAsciiDigit(c) || (c == '.' && start + 1 < text.Length && char.IsAsciiDigit(text[start + 1])))
            return ReadNumber(start);

        if (c == '$')
        {
            _position++;
            SkipName();
            return new Token(TokenKind.Register, text[(start + 1).._position], start, _position);
        }

        if (c is '\'' or '"')
            return ReadQuoted(start, start, "");

        foreach (string punctuator in s_punctuators)
        {
            if (string.CompareOrdinal(text, start, punctuator, 0, punctuator.Length) == 0)
            {
                _position += punctuator.Length;
                return new Token(TokenKind.Punctuator, punctuator, start, _position);
            }
        }

        throw new ExpressionException($"Invalid character '{c}' in expression.", start);
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || c > 0x7f;

    private void SkipName()
    {
        while (
            _position < text.Length
            && (IsNameStart(text[_position]) || char.IsAsciiDigit(text[_position]) || text[_position] == '$')
        )
            _position++;
    }

    private Token ReadName(int start)
    {
        SkipName();
        string name = text[start.._position];
        if (_position < text.Length && text[_position] is '\'' or '"' && name is "L" or "u" or "U" or "u8")
            return ReadQuoted(start, _position, name == "u8" ? "" : name);

        return TryReadFile(start, out Token file) ? file : new Token(TokenKind.Identifier, name, start, _position);
    }

    /// <summary>
    /// Reads a source file's name before <c>::</c>, as in <c>file.c::name</c>; false when there is none.
    /// </summary>
    private bool TryReadFile(int start, out Token file)
    {
        file = default;
        int end = _position;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '.'))
            end++;

        int dot = text.LastIndexOf('.', end - 1, end - start);
        bool isFile =
            dot > start
            && string.CompareOrdinal(text, end, "::", 0, 2) == 0
            && Array.IndexOf(s_sourceExtensions, text[(dot + 1)..end]) >= 0;
        if (!isFile)
            return false;

        _position = end;
        file = new Token(TokenKind.QuotedName, text[start..end], start, end);
        return true;
    }

    private Token ReadQuoted(int start, int quoteAt, string prefix)
    {
        char quote = text[quoteAt];
        _position = quoteAt + 1;
        var content = new StringBuilder();
        uint code = 0;
        int count = 0;
        while (_position < text.Length && text[_position] != quote)
        {
            code = ReadCharacter();
            if (Rune.IsValid(code) && (code < 0x80 || prefix.Length > 0 || text[_position - 1] > 0x7f))
                content.Append(new Rune(code).ToString());
            else
                content.Append((char)code);

            count++;
        }

        if (_position == text.Length)
            throw new ExpressionException(
                quote == '"' ? "Unterminated string in expression." : "Unmatched single quote.",
                quoteAt
            );

        _position++;
        BaseType type = prefix switch
        {
            "L" => BuiltinTypes.WideChar,
            "u" => BuiltinTypes.Char16,
            "U" => BuiltinTypes.Char32,
            _ => BuiltinTypes.Char,
        };
        if (quote == '"')
            return new Token(TokenKind.String, content.ToString(), start, _position) { Type = type };

        if (count == 0)
            throw new ExpressionException("Empty character constant.", quoteAt);

        return count == 1
            ? new Token(TokenKind.Character, content.ToString(), start, _position) { Type = type, Integer = code }
            : new Token(TokenKind.QuotedName, content.ToString(), start, _position);
    }

    private uint ReadCharacter()
    {
        char c = text[_position++];
        if (c != '\\' || _position == text.Length)
        {
            if (char.IsHighSurrogate(c) && _position < text.Length && char.IsLowSurrogate(text[_position]))
                return (uint)char.ConvertToUtf32(c, text[_position++]);

            return c;
        }

        c = text[_position++];
        switch (c)
        {
            case >= '0' and <= '7':
                _position--;
                return ReadDigits(8, 3);
            case 'x':
                return ReadDigits(16, 8);
            case 'u':
                return ReadDigits(16, 4);
            case 'U':
                return ReadDigits(16, 8);
            default:
                return c switch
                {
                    'a' => '\a',
                    'b' => '\b',
                    'e' => 27,
                    'f' => '\f',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'v' => '\v',
                    _ => c,
                };
        }
    }

    private uint ReadDigits(uint radix, int most)
    {
        uint value = 0;
        for (
            int i = 0;
            i < most && _position < text.Length && GetDigit(text[_position]) is { } digit && digit < radix;
            i++, _position++
        )
            value = unchecked((value * radix) + digit);

        return value;
    }

    private static uint? GetDigit(char c) => char.IsAsciiHexDigit(c) ? (uint)Convert.ToInt32(c.ToString(), 16) : null;

    private Token ReadNumber(int start)
    {
        while (
            _position < text.Length
            && (
                char.IsAsciiLetterOrDigit(text[_position])
                || text[_position] is '.' or '_'
                || (text[_position] is '+' or '-' && IsExponent(start))
            )
        )
        {
            _position++;
        }

        return NumberLiteral.Parse(text[start.._position], start);
    }

    /// <summary>Returns true when the last character starts an exponent, which may have a sign.</summary>
    private bool IsExponent(int start)
    {
        bool isHex = _position - start > 1 && text[start + 1] is 'x' or 'X';
        return isHex ? text[_position - 1] is 'p' or 'P' : text[_position - 1] is 'e' or 'E';
    }
}
