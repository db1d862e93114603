using System.Text;
using Osprey.Symbols.Types;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.Values.Expressions;

/// <content>Literals, names and types.</content>
public sealed partial class ExpressionEvaluator
{
    private Value ReadPrimary()
    {
        Token token = Current;
        _next++;
        switch (token.Kind)
        {
            case TokenKind.Number when token.Type.IsFloat:
                return FromDouble(token.Type!, token.Float);
            case TokenKind.Number or TokenKind.Character:
                return _space.FromInteger(token.Type!, unchecked((Int128)token.Integer));
            case TokenKind.String:
                byte[] bytes = [.. Encoding.UTF8.GetBytes(token.Text), 0];
                return _space.FromBytes(BuiltinTypes.ArrayOf(BuiltinTypes.Char, (ulong)bytes.Length), bytes);
            case TokenKind.Register:
                return ReadRegister(token);
            case TokenKind.Identifier or TokenKind.QuotedName:
                _next--;
                return ReadName();
            case TokenKind.Punctuator when token.Text == "(":
                Value inner = ReadConditional();
                Take(")");
                return inner;
            case TokenKind.Punctuator when token.Text == "::":
                return ReadName();
            case TokenKind.End:
                throw Error("expected a value before the end", token.Position);
            default:
                throw Error($"expected a value, found '{token.Text}'", token.Position);
        }
    }

    private Value ReadRegister(Token token)
    {
        string name = token.Text switch
        {
            "pc" => "rip",
            "sp" => "rsp",
            "fp" => "rbp",
            "eflags" => "rflags",
            "k_gs_base" => "kernelgsbase",
            _ => token.Text,
        };
        if (!RegisterSet.TryParseName(name, out X64Register? register))
            throw Error($"there is no register ${token.Text}", token.Position);

        if (_scope is null || !_scope.TryReadRegister(register.Value, out ulong value))
            throw Error($"register ${token.Text} is not known here", token.Position);

        DebugType type = register is X64Register.Rip ? BuiltinTypes.PointerTo(new FunctionType(() => null, () => [], false))
            : register is X64Register.Rsp or X64Register.Rbp ? BuiltinTypes.PointerTo(null)
            : BuiltinTypes.Long;
        return _space.FromInteger(type, unchecked((Int128)value));
    }

    private Value ReadName()
    {
        Token token = Current;
        if (token.Kind == TokenKind.Identifier)
        {
            switch (token.Text)
            {
                case "true" or "false":
                    _next++;
                    return FromBool(token.Text == "true");
                case "nullptr" or "NULL":
                    _next++;
                    return _space.FromPointer(null, 0);
                case "static_cast" or "reinterpret_cast" or "const_cast" or "dynamic_cast":
                    return ReadNamedCast();
                case "this" when _scope?.FindVariable("this") is { } self:
                    _next++;
                    return self;
            }
        }

        // Of "a<b" both the template's name and the comparison are possible; the longest that is there counts.
        List<(string Name, int Next)> candidates = ListNames();
        for (int i = candidates.Count - 1; i >= 0; i--)
        {
            (string name, int next) = candidates[i];
            if (FindName(name) is { } value)
            {
                _next = next;
                return value;
            }

            if (_tokens[next].Is("(") && FindType(name) is { } type)
            {
                _next = next + 1;
                Value operand = ReadConditional();
                Take(")");
                return Convert(operand, type, token.Position);
            }
        }

        throw NotFound(candidates[^1].Name, token.Position);
    }

    private Value? FindName(string name) =>
        _scope?.FindVariable(name) ?? _space.FindVariable(name) ?? _space.FindEnumerator(name) ?? _space.FindFunction(name);

    private ExpressionException NotFound(string name, int position) => FindType(name) is not null
        ? Error($"'{name}' is a type; a value is expected", position)
        : Error($"there is no '{name}' in this context", position);

    /// <summary>What the tokens from here on may name, from the shortest to the longest: <c>a</c>, <c>a::b</c>, <c>a::b&lt;c&gt;::d</c>.</summary>
    private List<(string Name, int Next)> ListNames()
    {
        var names = new List<(string, int)>();
        int at = _next;
        if (_tokens[at].Is("::"))
            at++;

        int start = at;
        while (_tokens[at].Kind is TokenKind.Identifier or TokenKind.QuotedName || _tokens[at].Is("~"))
        {
            at++;
            names.Add((Spell(start, at), at));
            if (_tokens[at].Is("<") && FindClosing(at) is int close)
            {
                at = close + 1;
                names.Add((Spell(start, at), at));
            }

            if (!_tokens[at].Is("::"))
                break;

            at++;
        }

        return names.Count > 0 ? names : throw Error($"expected a name, found '{Current.Text}'");
    }

    private string Spell(int start, int end)
    {
        // A name in quotes is a file's, or a whole name that C++ has no other spelling for.
        string text = _text[_tokens[start].Position.._tokens[end - 1].End];
        return end == start + 1 && _tokens[start].Kind == TokenKind.QuotedName ? _tokens[start].Text : text;
    }

    /// <summary>The bracket that closes template arguments; null when there is none before the expression goes on otherwise.</summary>
    private int? FindClosing(int open)
    {
        int depth = 0;
        for (int i = open; i < _tokens.Count; i++)
        {
            string text = _tokens[i].Kind == TokenKind.Punctuator ? _tokens[i].Text : "";
            depth += text switch
            {
                "<" => 1,
                ">" => -1,
                ">>" => -2,
                _ => 0,
            };
            if (depth <= 0)
                return text is ">" or ">>" ? i : null;

            if (text is "&&" or "||" or "?" or "]" or "=" || _tokens[i].Kind == TokenKind.End)
                return null;
        }

        return null;
    }

    /// <summary>Takes a type in brackets, if that is what comes.</summary>
    private bool TryReadParenthesisedType(out DebugType? type)
    {
        type = null;
        int depth = 0;
        for (int i = _next; i < _tokens.Count && _tokens[i].Kind != TokenKind.End; i++)
        {
            depth += _tokens[i].Is("(") ? 1 : _tokens[i].Is(")") ? -1 : 0;
            if (depth > 0)
                continue;

            if (i == _next + 1 || !TryParseType(_text[_tokens[_next].End.._tokens[i].Position], out type))
                return false;

            _next = i + 1;
            return true;
        }

        return false;
    }

    /// <summary>A type by its spelling: a name, or a name with pointers and references behind it. Names of variables win.</summary>
    private bool TryParseType(string text, out DebugType? type)
    {
        string name = text.Trim();
        int levels = 0;
        bool isReference = false;
        while (name.Length > 0 && (name[^1] is '*' or '&' || name.EndsWith("const", StringComparison.Ordinal)))
        {
            levels += name[^1] == '*' ? 1 : 0;
            isReference |= name[^1] == '&';
            name = (name[^1] is '*' or '&' ? name[..^1] : name[..^5]).TrimEnd();
        }

        type = null;
        if (name.Length == 0 || name[0] == '(' || !(char.IsAsciiLetter(name[0]) || name[0] is '_' or ':'))
            return false;

        string bare = name.Replace("const ", "", StringComparison.Ordinal).Replace("volatile ", "", StringComparison.Ordinal).Trim().TrimStart(':');
        bool isVoid = bare == "void";
        bool isKnown = isVoid || (_scope?.FindVariable(bare) is null && (type = FindType(bare)) is not null);
        if (!isKnown || (isVoid && levels == 0 && isReference))
            return false;

        for (int i = 0; i < levels; i++)
            type = BuiltinTypes.PointerTo(type);

        return true;
    }

    private DebugType? FindType(string name)
    {
        string[] words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Array.TrueForAll(words, BuiltinTypes.IsWord) && BuiltinTypes.Find(words) is { } builtin ? builtin : _space.FindType(name);
    }

    private Value ReadNamedCast()
    {
        Token word = Current;
        _next++;
        int open = _next;
        if (!Current.Is("<") || FindClosing(open) is not int close)
            throw Error($"expected a type in <> behind {word.Text}");

        if (!TryParseType(_text[_tokens[open].End.._tokens[close].Position], out DebugType? type))
            throw Error($"'{_text[_tokens[open].End.._tokens[close].Position].Trim()}' is no type that is known", _tokens[open].End);

        _next = close + 1;
        Take("(");
        Value operand = ReadConditional();
        Take(")");
        return word.Text == "reinterpret_cast" ? Reinterpret(operand, type, word.Position) : Convert(operand, type, word.Position);
    }
}
