using Osprey.Symbols.Types;

namespace Osprey.Values.Expressions;

/// <summary>Computes expressions in the syntax of C and C++, over a guest's variables and memory. Nothing is ever written or called.</summary>
/// <remarks>
/// An expression is computed while it is read. Names are looked for among the variables of the chosen frame, then among globals,
/// enumerators and functions. Beyond C: <c>a[i:j]</c> is a slice, <c>p@n</c> so many elements, <c>$rax</c> a register.
/// </remarks>
public sealed partial class ExpressionEvaluator
{
    private const int MaxDepth = 100;

    private readonly ValueSpace _space;
    private readonly IVariableScope? _scope;
    private List<Token> _tokens = [];
    private string _text = "";
    private int _next;
    private int _depth;
    private int _unevaluated;

    /// <param name="space">What values are read from.</param>
    /// <param name="scope">Variables and registers of a frame; null for globals alone.</param>
    public ExpressionEvaluator(ValueSpace space, IVariableScope? scope = null)
    {
        _space = space;
        _scope = scope;
    }

    private Token Current => _tokens[_next];

    /// <summary>Computes an expression.</summary>
    /// <returns>Its value; one with a problem when what it leads to can't be read.</returns>
    /// <exception cref="ExpressionException">It can't be understood, names what is not there, or can't be computed.</exception>
    public Value Evaluate(string text)
    {
        _text = text;
        _tokens = new Lexer(text).ReadAll();
        _next = 0;
        _depth = 0;
        _unevaluated = 0;
        Value value = ReadConditional();
        if (Current.Kind == TokenKind.End)
            return value;

        if (Current.Text is "=" or "+=" or "-=" or "*=" or "/=" or "%=" or "&=" or "|=" or "^=" or "<<=" or ">>=" or "++" or "--")
            throw Error("a guest is never written to: assignments are not computed");

        throw Error($"expected an operator or the end, found '{Current.Text}'");
    }

    private ExpressionException Error(string message, int? position = null) => new(message, position ?? Current.Position);

    private bool TryTake(string text)
    {
        if (Current.Kind != TokenKind.Punctuator || Current.Text != text)
            return false;

        _next++;
        return true;
    }

    private void Take(string text)
    {
        if (!TryTake(text))
            throw Error(Current.Kind == TokenKind.End ? $"expected '{text}' before the end" : $"expected '{text}', found '{Current.Text}'");
    }

    private Value ReadConditional()
    {
        if (++_depth > MaxDepth)
            throw Error("the expression is nested too deep");

        Value condition = ReadBinary(0);
        if (TryTake("?"))
        {
            bool isTrue = _unevaluated > 0 || IsTrue(condition);
            Value then = Skip(!isTrue, ReadConditional);
            Take(":");
            Value otherwise = Skip(isTrue, ReadConditional);
            condition = isTrue ? then : otherwise;
        }

        _depth--;
        return condition;
    }

    /// <summary>Reads a part whose value does not count, so that what can't be computed of it does no harm.</summary>
    private Value Skip(bool skips, Func<Value> read)
    {
        _unevaluated += skips ? 1 : 0;
        Value value = read();
        _unevaluated -= skips ? 1 : 0;
        return value;
    }

    private Value ReadBinary(int lowest)
    {
        Value left = ReadUnary();
        while (Current.Kind == TokenKind.Punctuator && GetPrecedence(Current.Text) is int precedence && precedence >= lowest)
        {
            Token sign = Current;
            _next++;
            if (sign.Text is "&&" or "||")
            {
                bool isTrue = _unevaluated == 0 && IsTrue(left);
                bool isDecided = sign.Text == "&&" ? !isTrue : isTrue;
                Value right = Skip(isDecided, () => ReadBinary(precedence + 1));
                left = FromBool(isDecided ? isTrue : _unevaluated == 0 && IsTrue(right));
                continue;
            }

            Value operand = ReadBinary(precedence + 1);
            left = sign.Text == "@" ? MakeArray(left, operand, sign.Position) : Compute(sign, left, operand);
        }

        return left;
    }

    private static int? GetPrecedence(string sign) => sign switch
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
        _ => null,
    };

    private Value ReadUnary()
    {
        if (++_depth > MaxDepth)
            throw Error("the expression is nested too deep");

        Value value = ReadUnaryOperator();
        _depth--;
        return value;
    }

    private Value ReadUnaryOperator()
    {
        Token token = Current;
        if (token.Kind == TokenKind.Identifier && token.Text is "sizeof" or "alignof" or "_Alignof")
            return ReadSizeOf();

        if (token.Kind != TokenKind.Punctuator)
            return ReadPostfix();

        switch (token.Text)
        {
            case "*":
                _next++;
                return Dereference(ReadUnary(), token.Position);
            case "&":
                _next++;
                return AddressOf(ReadUnary(), token.Position);
            case "-" or "+" or "~" or "!":
                _next++;
                return ComputeUnary(token, ReadUnary());
            case "++" or "--":
                throw Error("a guest is never written to: assignments are not computed");
            case "(" when TryReadParenthesisedType(out DebugType? type):
                return Convert(ReadUnary(), type, token.Position);
            default:
                return ReadPostfix();
        }
    }

    private Value ReadSizeOf()
    {
        Token word = Current;
        _next++;
        DebugType? type = Current.Is("(") && TryReadParenthesisedType(out DebugType? named) ? named : Skip(true, ReadUnary).Type;
        if (word.Text != "sizeof")
            return _space.FromInteger(BuiltinTypes.UnsignedLong, type.Alignment);

        return _space.GetSize(type) is { } size
            ? _space.FromInteger(BuiltinTypes.UnsignedLong, size)
            : throw Error($"the size of {TypeText.Format(type)} is not known", word.Position);
    }

    private Value ReadPostfix()
    {
        Value value = ReadPrimary();
        while (true)
        {
            Token sign = Current;
            if (TryTake(".") || TryTake("->"))
            {
                if (Current.Kind != TokenKind.Identifier)
                    throw Error("expected a member's name");

                string name = ReadMemberName();
                value = ReadMember(value, name, sign);
            }
            else if (TryTake("["))
            {
                value = ReadIndex(value, sign);
            }
            else if (Current.Is("("))
            {
                throw Error("a guest is not run: functions are not called");
            }
            else
            {
                return value;
            }
        }
    }

    /// <summary>A member may be named with its class: <c>b.Base::member</c>.</summary>
    private string ReadMemberName()
    {
        string name = Current.Text;
        _next++;
        while (Current.Is("::") && _tokens[_next + 1].Kind == TokenKind.Identifier)
        {
            name = _tokens[_next + 1].Text;
            _next += 2;
        }

        return name;
    }

    private Value ReadIndex(Value value, Token sign)
    {
        Value? from = Current.Is(":") ? null : ReadConditional();
        if (TryTake(":"))
        {
            Value to = ReadConditional();
            Take("]");
            long first = from is null ? 0 : ToInteger(from, sign.Position);
            long end = ToInteger(to, sign.Position);
            return MakeSlice(value, first, end, sign.Position);
        }

        Take("]");
        return Index(value, from!, sign.Position);
    }
}
