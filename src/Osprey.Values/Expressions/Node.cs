using Osprey.Symbols.Types;

namespace Osprey.Values.Expressions;

/// <summary>A part of an expression that was parsed.</summary>
/// <param name="Position">Where in the text it is, or its operator.</param>
internal abstract record Node(int Position)
{
    /// <summary>A value known from the text.</summary>
    public sealed record Literal(int Position, Value Value) : Node(Position);

    /// <summary>A variable, function or enumerator that was found.</summary>
    public sealed record Name(int Position, string Text, Value Value) : Node(Position);

    /// <summary>A register.</summary>
    public sealed record Register(int Position, string Text) : Node(Position);

    /// <summary>A member; a pointer before the name is followed.</summary>
    public sealed record Member(int Position, Node Target, string Text, bool IsArrow) : Node(Position);

    /// <summary>An element.</summary>
    public sealed record Index(int Position, Node Target, Node At) : Node(Position);

    /// <summary>Elements from one up to before another.</summary>
    public sealed record Slice(int Position, Node Target, Node? From, Node To) : Node(Position);

    /// <summary>An operator before its operand.</summary>
    public sealed record Unary(int Position, string Operator, Node Operand) : Node(Position);

    /// <summary>An operator between its operands.</summary>
    public sealed record Binary(int Position, string Operator, Node Left, Node Right) : Node(Position);

    /// <summary>One of two operands.</summary>
    public sealed record Conditional(int Position, Node Condition, Node Then, Node Else) : Node(Position);

    /// <summary>A conversion.</summary>
    public sealed record Cast(int Position, CastKind Kind, DebugType? Type, Node Operand) : Node(Position);

    /// <summary>The size of an operand that is not evaluated.</summary>
    public sealed record SizeOf(int Position, Node Operand) : Node(Position);

    /// <summary>The object of a type at an address.</summary>
    public sealed record ObjectAt(int Position, DebugType? Type, Node Address) : Node(Position);
}
