using Osprey.Symbols.Types;

namespace Osprey.Values.Expressions;

/// <content>Types in casts and after sizeof.</content>
internal sealed partial class Parser
{
    // Stands for void, which has no type object, until UnwrapVoid replaces it by null.
    private static readonly TypedefType s_void = new("void", () => null);

    private static DebugType? UnwrapVoid(DebugType? type) => ReferenceEquals(type, s_void) ? null : type;

    private bool TryParseParenthesizedType(out DebugType? type)
    {
        type = null;
        int start = _index;
        if (!TryTake("("))
            return false;

        // A variable hides a type of the same name.
        bool isName = Current.Kind is TokenKind.Identifier or TokenKind.QuotedName || Current.Is("::");
        int name = _index;
        if (isName && !IsTypeWord(Current) && TryResolveValue(out _))
        {
            _index = start;
            return false;
        }

        _index = name;
        DebugType? found = isName ? ParseTypeName() : null;
        if (found is null || !TryTake(")"))
        {
            _index = start;
            return false;
        }

        type = UnwrapVoid(found);
        return true;
    }

    private static bool IsTypeWord(in Token token) =>
        token.Kind == TokenKind.Identifier
        && (
            BuiltinTypes.IsWord(token.Text)
            || token.Text is "const" or "volatile" or "struct" or "class" or "union" or "enum" or "void" or "typename"
        );

    /// <summary>Takes a type with its declarator; null, and takes nothing, when no type begins here.</summary>
    private DebugType? ParseTypeName()
    {
        int start = _index;
        DebugType? type = ParseSpecifiers();
        if (type is null)
        {
            _index = start;
            return null;
        }

        return ParseDeclarator(type);
    }

    private DebugType? ParseSpecifiers()
    {
        var words = new List<string>();
        var qualifiers = new List<string>();
        DebugType? named = null;
        string keyword = "";
        int position = Current.Position;
        while (Current.Kind is TokenKind.Identifier or TokenKind.QuotedName || Current.Is("::"))
        {
            string word = Current.Text;
            if (word is "const" or "volatile" or "restrict" or "__restrict")
            {
                qualifiers.Add(Take().Text);
            }
            else if (
                named is null
                && words.Count == 0
                && word is "struct" or "class" or "union" or "enum" or "typename"
            )
            {
                keyword = Take().Text;
            }
            else if (named is null && BuiltinTypes.IsWord(word))
            {
                words.Add(Take().Text);
            }
            else if (named is null && words.Count == 0 && word == "void")
            {
                _index++;
                named = s_void;
            }
            else if (named is null && words.Count == 0 && TryResolveType(keyword) is { } found)
            {
                named = found;
            }
            else
            {
                break;
            }
        }

        if (keyword.Length > 0 && named is null)
            throw new ExpressionException($"No {keyword} type named {Current.Text}.", Current.Position);

        if (words.Count > 0)
            named =
                BuiltinTypes.Find(words)
                ?? throw new ExpressionException($"No type named {string.Join(' ', words)}.", position);

        return named is null ? null : Qualify(named, qualifiers);
    }

    private static DebugType Qualify(DebugType type, List<string> qualifiers)
    {
        foreach (string qualifier in qualifiers)
        {
            DebugType? target = UnwrapVoid(type);
            type = new QualifiedType(qualifier, () => target);
        }

        return type;
    }

    private DebugType? TryResolveType(string keyword)
    {
        foreach ((string name, int end) in GetSpellings())
        {
            if (_names.FindType(name, keyword == "typename" ? "" : keyword) is not { } type)
                continue;

            _index = end;
            return type;
        }

        return null;
    }

    /// <summary>Takes the declarator after a type's name: pointers, references, functions and arrays.</summary>
    private DebugType ParseDeclarator(DebugType type)
    {
        Enter();
        type = ParsePointers(type);

        // "(*" opens an inner declarator. It applies after the part that follows its closing parenthesis.
        int inner = -1;
        if (
            Current.Is("(")
            && (_tokens[_index + 1].Is("*") || _tokens[_index + 1].Is("&") || IsMemberPointer(_index + 1))
        )
        {
            inner = ++_index;
            SkipToClose();
        }

        type = ParseSuffixes(type);
        if (inner >= 0)
        {
            int after = _index;
            _index = inner;
            type = ParseDeclarator(type);
            Expect(")");
            _index = after;
        }

        _depth--;
        return type;
    }

    private DebugType ParsePointers(DebugType type)
    {
        while (true)
        {
            PointerKind? kind =
                Current.Is("*") ? PointerKind.Pointer
                : Current.Is("&") ? PointerKind.Reference
                : Current.Is("&&") ? PointerKind.RvalueReference
                : null;
            if (kind is { } some)
            {
                _index++;
                DebugType? target = UnwrapVoid(type);
                type = new PointerType(some, () => target, sizeof(ulong));
            }
            else if (Current.Is("const") || Current.Is("volatile"))
            {
                type = Qualify(type, [Take().Text]);
            }
            else if (TryTakeMemberPointer(type) is { } pointer)
            {
                type = pointer;
            }
            else
            {
                return type;
            }
        }
    }

    /// <summary>Returns true when a class's name with <c>::*</c> behind it begins at a token.</summary>
    private bool IsMemberPointer(int index)
    {
        int start = _index;
        _index = index;
        bool isPointer = GetSpellings()
            .Exists(spelling => _tokens[spelling.End].Is("::") && _tokens[spelling.End + 1].Is("*"));
        _index = start;
        return isPointer;
    }

    /// <summary>Takes <c>Class::*</c> and makes a pointer to a member; null when there is something else.</summary>
    private PointerType? TryTakeMemberPointer(DebugType type)
    {
        if (!IsMemberPointer(_index))
            return null;

        foreach ((string name, int end) in GetSpellings())
        {
            if (!_tokens[end].Is("::") || !_tokens[end + 1].Is("*"))
                continue;

            DebugType container =
                _names.FindType(name, "")
                ?? throw new ExpressionException(_names.DescribeMissing(name), Current.Position);
            _index = end + 2;
            DebugType? target = UnwrapVoid(type);
            if (target is FunctionType function)
            {
                // The object is the first parameter, as in debug info.
                DebugType self = BuiltinTypes.PointerTo(container);
                target = new FunctionType(
                    () => function.Result,
                    () => [self, .. function.Parameters],
                    function.IsVariadic
                );
            }

            return new PointerType(
                PointerKind.MemberPointer,
                () => target,
                target is FunctionType ? 2ul * sizeof(ulong) : sizeof(ulong),
                () => container
            );
        }

        return null;
    }

    private DebugType ParseSuffixes(DebugType type)
    {
        var counts = new List<ulong>();
        while (Current.Is("[") && _tokens[_index + 1].Kind == TokenKind.Number && _tokens[_index + 2].Is("]"))
        {
            counts.Add((ulong)UInt128.Min(_tokens[_index + 1].Integer, long.MaxValue));
            _index += 3;
        }

        for (int i = counts.Count - 1; i >= 0; i--)
            type = BuiltinTypes.ArrayOf(type, counts[i]);

        return counts.Count == 0 && Current.Is("(") ? ParseParameters(type) : type;
    }

    private DebugType ParseParameters(DebugType result)
    {
        int start = _index++;
        var parameters = new List<DebugType?>();
        bool isVariadic = false;
        while (!Current.Is(")"))
        {
            if (TryTake("..."))
            {
                isVariadic = true;
            }
            else if (ParseTypeName() is { } parameter)
            {
                parameters.Add(UnwrapVoid(parameter));
            }
            else
            {
                // These are not parameters but the operand of T(x).
                _index = start;
                return result;
            }

            if (!TryTake(",") && !Current.Is(")"))
            {
                _index = start;
                return result;
            }
        }

        _index++;
        if (parameters is [null])
            parameters.Clear();

        DebugType? returned = UnwrapVoid(result);
        return new FunctionType(() => returned, () => parameters, isVariadic);
    }

    private void SkipToClose()
    {
        for (int depth = 1; depth > 0; _index++)
        {
            if (Current.Kind == TokenKind.End)
                throw Unexpected();

            if (Current.Is("("))
                depth++;
            else if (Current.Is(")"))
                depth--;
        }
    }
}
