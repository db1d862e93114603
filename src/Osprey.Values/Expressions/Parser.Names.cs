using System.Text;
using Osprey.Symbols.Types;
using Osprey.Values.Expressions.Classes;

namespace Osprey.Values.Expressions;

/// <content>Names of variables, functions and types.</content>
internal sealed partial class Parser
{
    private readonly string _text;
    private bool _isInCast;

    private Node ParseName()
    {
        Token token = Current;
        switch (token.Kind == TokenKind.Identifier ? token.Text : "")
        {
            case "true" or "false":
                _index++;
                return MakeNumber(token.Position, BuiltinTypes.Bool, token.Text == "true" ? 1 : 0);
            case "nullptr":
                _index++;
                return new Node.Literal(token.Position, _names.Space.FromPointer(null, 0));
            case "NULL" when _names.FindValue("NULL") is null:
                _index++;
                return MakeNumber(token.Position, BuiltinTypes.Long, 0);
            case "static_cast" or "const_cast" or "reinterpret_cast" or "dynamic_cast":
                return ParseNamedCast();
            case "this" when _names.FindValue("this") is { } self:
                _index++;
                return new Node.Name(token.Position, "this", self);
        }

        int start = _index;
        if (TryResolveValue(out Node.Name? found))
            return found;

        _index = start;
        if (ParseTypeName() is { } type)
        {
            if (!Current.Is("("))
                throw new ExpressionException(
                    $"{TypeNames.Spell(UnwrapVoid(type))} is a type, not a value.",
                    token.Position
                );

            int position = Take().Position;
            Node operand = ParseConditional();
            Expect(")");
            return new Node.Cast(position, CastKind.Convert, UnwrapVoid(type), operand);
        }

        _index = start;
        string name = ParseQualifiedText();
        throw new ExpressionException(_names.DescribeMissing(name), token.Position);
    }

    private Node.Cast ParseNamedCast()
    {
        Token word = Take();
        Expect("<");
        int at = Current.Position;
        bool wasInCast = _isInCast;
        _isInCast = true;
        DebugType type = ParseTypeName() ?? throw new ExpressionException("A type is expected.", at);
        _isInCast = wasInCast;
        Expect(">");
        Expect("(");
        Node operand = ParseConditional();
        Expect(")");
        CastKind kind = word.Text switch
        {
            "reinterpret_cast" => CastKind.Reinterpret,
            "dynamic_cast" => CastKind.Dynamic,
            _ => CastKind.Convert,
        };
        return new Node.Cast(word.Position, kind, UnwrapVoid(type), operand);
    }

    /// <summary>
    /// Takes the longest name here that is a variable, function or enumerator. Tries a name with template arguments
    /// before the same name without them.
    /// </summary>
    private bool TryResolveValue([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Node.Name? node)
    {
        int start = _index;
        int position = Current.Position;
        foreach ((string name, int end) in GetSpellings())
        {
            if (_names.FindValue(name) is not { } value)
                continue;

            _index = end;
            node = new Node.Name(position, name, value);
            if (value.Address is { } address && !_isPerCpu)
                _names.Space.Names?.NoteUse(name, address);

            return true;
        }

        _index = start;
        node = null;
        return false;
    }

    /// <summary>
    /// Takes the name of a data member after <c>&amp;</c>, as in <c>&amp;Class::member</c>; null when something else
    /// stands there.
    /// </summary>
    private Node.Literal? TryTakeMemberAddress()
    {
        int start = _index;
        bool isValue = TryResolveValue(out _);
        _index = start;
        if (isValue)
            return null;

        foreach ((string name, int end) in GetSpellings())
        {
            string member = Value.GetLastName(name);
            if (
                member.Length == name.Length
                || _names.FindType(name[..^(member.Length + 2)], "") is not { } type
                || MemberAddresses.Find(_names.Space, type, member, Current.Position) is not { } pointer
            )
                continue;

            _index = end;
            return new Node.Literal(_tokens[start].Position, pointer);
        }

        return null;
    }

    /// <summary>Gets the names that can begin here, longest first, each with the index of the token after it.</summary>
    private List<(string Name, int End)> GetSpellings()
    {
        var spellings = new List<(string, int)>();
        var name = new StringBuilder();
        int index = _index;
        if (_tokens[index].Is("::"))
        {
            name.Append("::");
            index++;
        }

        while (_tokens[index].Kind is TokenKind.Identifier or TokenKind.QuotedName)
        {
            Token part = _tokens[index++];
            name.Append(part.Text);
            if (part.Is("operator") || BuiltinTypes.IsWord(part.Text))
                break;

            spellings.Add((name.ToString(), index));
            if (_tokens[index].Is("<") && FindTemplateEnd(index) is { } end)
            {
                name.Append(_text.AsSpan(_tokens[index].Position, _tokens[end].End - _tokens[index].Position));
                index = end + 1;
                spellings.Add((name.ToString(), index));
            }

            // A name goes on only if another part follows the "::".
            if (
                !_tokens[index].Is("::")
                || _tokens[index + 1].Kind is not (TokenKind.Identifier or TokenKind.QuotedName)
            )
                break;

            name.Append("::");
            index++;
        }

        spellings.Reverse();
        return spellings;
    }

    /// <summary>Finds the token that closes template arguments; null when the "&lt;" is a comparison.</summary>
    private int? FindTemplateEnd(int open)
    {
        int depth = 0;
        int round = 0;
        for (int i = open; i < _tokens.Count; i++)
        {
            Token token = _tokens[i];
            if (token.Kind == TokenKind.End)
                return null;

            if (token.Is("("))
                round++;
            else if (token.Is(")") && --round < 0)
                return null;
            else if (round > 0)
                continue;
            else if (token.Is("<"))
                depth++;
            else if (token.Is(">") && --depth == 0)
                return i;
            else if (token.Is(">>"))
            {
                // The second ">" may close the brackets of a named cast.
                if (depth == 1 && _isInCast)
                {
                    _tokens[i] = new Token(TokenKind.Punctuator, ">", token.Position, token.Position + 1);
                    _tokens.Insert(i + 1, new Token(TokenKind.Punctuator, ">", token.Position + 1, token.End));
                    return i;
                }

                if (depth < 2)
                    return null;

                if (depth == 2)
                    return i;

                depth -= 2;
            }
        }

        return null;
    }

    /// <summary>Takes a qualified name as it is written.</summary>
    private string ParseQualifiedText()
    {
        List<(string Name, int End)> spellings = GetSpellings();
        if (spellings.Count == 0)
            throw Unexpected();

        // Leaves template arguments out, because a "<" after a name may be a comparison.
        foreach ((string name, int end) in spellings)
        {
            if (!name.Contains('<', StringComparison.Ordinal))
            {
                _index = end;
                return name;
            }
        }

        _index = spellings[0].End;
        return spellings[0].Name;
    }
}
