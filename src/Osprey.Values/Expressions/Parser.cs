using Osprey.Symbols.Types;

namespace Osprey.Values.Expressions;

/// <summary>Parses the text of an expression to a tree.</summary>
/// <remarks>
/// <para>
/// <b>The problem.</b> C's grammar depends on names: <c>(a)(b)</c> is a cast if a is a type, and a call if it is a
/// function; <c>a&lt;b&gt;(c)</c> is a template or two comparisons. So the parser must know what names mean.
/// </para>
/// <para>
/// <b>The idea.</b> A recursive-descent parser over a list of tokens that looks names up while it parses
/// (<see cref="NameResolver"/>). At a name it collects all spellings that can begin there, longest first, with template
/// arguments and after each <c>::</c>, and takes the first that is a variable, a function or an enumerator; then the
/// first that is a type. A variable hides a type of the same name, as in C. If no attempt succeeds, <c>_index</c> goes
/// back to the start of the name.
/// </para>
/// <para>
/// <b>Operators</b> are parsed by precedence climbing: <c>ParseBinary(least)</c> takes operators that bind tighter than
/// <c>least</c>. The precedences are gdb's: <c>@</c> binds tighter than shifts and looser than <c>+</c>. Declarators of
/// types are read inside out: for <c>int (*)[3]</c> the parser skips the parentheses, takes <c>[3]</c>, and then
/// returns to <c>*</c>.
/// </para>
/// <para>
/// <b>Limits.</b> The depth of nesting is limited, so that a hostile text cannot overflow the stack. Assignments,
/// increments and calls are recognised only to refuse them with a clear message, because nothing is written to a guest.
/// </para>
/// <para>
/// Types in other files: <see cref="Lexer"/> makes the tokens, <see cref="Evaluator"/> computes the tree.
/// </para>
/// </remarks>
internal sealed partial class Parser
{
    private const int MaxDepth = 200;
    private const string NeverWritten = "expressions never write to a guest";

    private readonly NameResolver _names;
    private readonly List<Token> _tokens;
    private int _index;
    private int _depth;
    private bool _isPerCpu;

    public Parser(string text, NameResolver names)
    {
        _names = names;
        _text = text;
        _tokens = new Lexer(text).ReadAll();
    }

    private Token Current => _tokens[_index];

    /// <summary>Parses the whole expression.</summary>
    /// <exception cref="ExpressionException">The expression is malformed, or a name in it does not exist.</exception>
    public Node ParseAll()
    {
        if (Current.Kind == TokenKind.End)
            throw new ExpressionException("An expression is expected.", 0);

        Node node = ParseComma();
        if (Current.Kind == TokenKind.End)
            return node;

        if (
            Current.Kind == TokenKind.Punctuator
            && Current.Text[^1] == '='
            && Current.Text is not ("==" or "!=" or "<=" or ">=")
        )
            throw new ExpressionException($"Assignments are not done: {NeverWritten}.", Current.Position);

        throw Unexpected();
    }

    private ExpressionException Unexpected() =>
        Current.Kind == TokenKind.End
            ? new ExpressionException("The expression ends too early.", Current.Position)
            : new ExpressionException(
                $"A syntax error in expression, near `{_text[Current.Position..]}'.",
                Current.Position
            );

    private Token Take() => _tokens[_index++];

    private bool TryTake(string text)
    {
        bool isNext = Current.Is(text);
        if (isNext)
            _index++;

        return isNext;
    }

    private Token Expect(string text) => Current.Is(text) ? Take() : throw Unexpected();

    /// <summary>Takes an expression with the comma operator, whose value is that of its last part.</summary>
    private Node ParseComma()
    {
        Node node = ParseConditional();
        while (Current.Is(","))
        {
            int position = Take().Position;
            node = new Node.Binary(position, ",", node, ParseConditional());
        }

        return node;
    }

    private Node ParseConditional()
    {
        Enter();
        Node condition = ParseBinary(0);
        if (Current.Is("?"))
        {
            int position = Take().Position;
            Node then = ParseConditional();
            Expect(":");
            condition = new Node.Conditional(position, condition, then, ParseConditional());
        }

        _depth--;
        return condition;
    }

    private void Enter()
    {
        if (++_depth > MaxDepth)
            throw new ExpressionException("The expression is nested too deep.", Current.Position);
    }

    private static int GetPrecedence(in Token token) =>
        token.Kind != TokenKind.Punctuator
            ? -1
            : token.Text switch
            {
                "||" => 1,
                "&&" => 2,
                "|" => 3,
                "^" => 4,
                "&" => 5,
                "==" or "!=" => 6,
                "<" or ">" or "<=" or ">=" => 7,
                "<<" or ">>" => 8,
                "@" => 9,
                "+" or "-" => 10,
                "*" or "/" or "%" => 11,
                _ => -1,
            };

    private Node ParseBinary(int least)
    {
        Enter();
        Node left = ParseUnary();
        while (GetPrecedence(Current) is var precedence && precedence > least)
        {
            Token op = Take();
            left = new Node.Binary(op.Position, op.Text, left, ParseBinary(precedence));
        }

        _depth--;
        return left;
    }

    private Node ParseUnary()
    {
        Enter();
        Node node = ParseUnaryInner();
        _depth--;
        return node;
    }

    private Node ParseUnaryInner()
    {
        Token token = Current;
        switch (token.Kind == TokenKind.Punctuator ? token.Text : "")
        {
            case "-" or "+" or "!" or "~" or "*" or "&":
                _index++;
                if (token.Text == "&" && TryTakeMemberAddress() is { } member)
                    return member;

                return new Node.Unary(token.Position, token.Text, ParseUnary());
            case "++" or "--":
                throw new ExpressionException($"Assignments are not done: {NeverWritten}.", token.Position);
            case "{":
                _index++;
                DebugType? type = ParseTypeName() ?? throw Unexpected();
                Expect("}");
                return new Node.ObjectAt(token.Position, UnwrapVoid(type), ParseUnary());
            case "(" when TryParseParenthesizedType(out DebugType? target):
                return new Node.Cast(token.Position, CastKind.Convert, target, ParseUnary());
        }

        if (token.Kind == TokenKind.Identifier && token.Text is "sizeof" or "alignof" or "_Alignof" or "__alignof__")
            return ParseSize();

        return ParsePostfix(TryParseWalk() ?? ParsePrimary());
    }

    private Node.Literal MakeNumber(int position, DebugType type, Int128 value) =>
        new(position, _names.Space.FromInteger(type, value));

    private Node ParseSize()
    {
        Token word = Take();
        int start = _index;
        if (TryParseParenthesizedType(out DebugType? type))
        {
            ulong? size =
                word.Text == "sizeof"
                    ? type is null
                        ? 1
                        : _names.Space.GetSize(type)
                    : _names.Space.Resolve(type).Alignment;
            return size is { } known
                ? MakeNumber(word.Position, BuiltinTypes.UnsignedLong, known)
                : throw new ExpressionException(
                    $"The size of {TypeNames.Spell(type)} is not known.",
                    _tokens[start].Position
                );
        }

        if (word.Text != "sizeof")
            throw Unexpected();

        return new Node.SizeOf(word.Position, ParseUnary());
    }

    private Node ParsePostfix(Node node)
    {
        while (true)
        {
            Token token = Current;
            switch (token.Kind == TokenKind.Punctuator ? token.Text : "")
            {
                case "[":
                    _index++;
                    node = ParseIndex(token.Position, node);
                    break;
                case "." or "->":
                    _index++;
                    node = ParseMember(node, token.Text == "->");
                    break;
                case "(":
                    throw new ExpressionException($"Functions are not called: {NeverWritten}.", token.Position);
                case "++" or "--":
                    throw new ExpressionException($"Assignments are not done: {NeverWritten}.", token.Position);
                default:
                    return node;
            }
        }
    }

    private Node ParseIndex(int position, Node target)
    {
        if (TryTake(":"))
        {
            Node to = ParseConditional();
            Expect("]");
            return new Node.Slice(position, target, null, to);
        }

        Node from = ParseConditional();
        if (!TryTake(":"))
        {
            Expect("]");
            return new Node.Index(position, target, from);
        }

        Node end = ParseConditional();
        Expect("]");
        return new Node.Slice(position, target, from, end);
    }

    /// <summary>Takes a member's name, which may be qualified with its class: <c>x.Base::member</c>.</summary>
    private Node.Member ParseMember(Node target, bool isArrow)
    {
        Token name = Current;
        if (name.Kind != TokenKind.Identifier)
            throw Unexpected();

        string text = ParseQualifiedText();
        return new Node.Member(name.Position, target, text, isArrow);
    }

    private Node ParsePrimary()
    {
        Token token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number when token.Type!.Encoding == BaseEncoding.Float:
                _index++;
                return new Node.Literal(token.Position, Arithmetic.FromFloat(_names.Space, token.Type, token.Float));
            case TokenKind.Number or TokenKind.Character:
                _index++;
                return MakeNumber(token.Position, token.Type!, unchecked((Int128)token.Integer));
            case TokenKind.String:
                return new Node.Literal(token.Position, TakeStrings());
            case TokenKind.Register:
                _index++;
                return new Node.Register(token.Position, token.Text);
            case TokenKind.QuotedName or TokenKind.Identifier:
                return ParseName();
            case TokenKind.Punctuator when token.Text == "::":
                return ParseName();
            case TokenKind.Punctuator when token.Text == "(":
                _index++;
                Node inner = ParseComma();
                if (Current.Is("="))
                    throw new ExpressionException($"Assignments are not done: {NeverWritten}.", Current.Position);

                Expect(")");
                return inner;
            default:
                throw Unexpected();
        }
    }

    /// <summary>Takes a string, and those directly behind it, which are one string with it.</summary>
    private Value TakeStrings()
    {
        int first = _index;
        DebugType type = BuiltinTypes.Char;
        for (; Current.Kind == TokenKind.String; _index++)
        {
            if (ReferenceEquals(Current.Type, BuiltinTypes.Char))
                continue;

            if (!ReferenceEquals(type, BuiltinTypes.Char) && !ReferenceEquals(type, Current.Type))
                throw new ExpressionException("Undefined string concatenation.", Current.Position);

            type = Current.Type!;
        }

        var bytes = new List<byte>();
        System.Text.Encoding encoding = type.Size switch
        {
            1 => System.Text.Encoding.UTF8,
            2 => System.Text.Encoding.Unicode,
            _ => System.Text.Encoding.UTF32,
        };
        for (int i = first; i < _index; i++)
            bytes.AddRange(encoding.GetBytes(_tokens[i].Text));

        int width = (int)(type.Size ?? 1);
        bytes.AddRange(new byte[width]);
        return _names.Space.FromBytes(BuiltinTypes.ArrayOf(type, (ulong)(bytes.Count / width)), bytes.ToArray());
    }
}
