using Osprey.Symbols.Types;

namespace Osprey.Values.Expressions;

/// <summary>A node of a parsed expression.</summary>
/// <param name="Position">The position in the text of the node, or of its operator, in characters.</param>
internal abstract record Node(int Position)
{
    /// <summary>A number, character or string in the text.</summary>
    public sealed record Literal(int Position, Value Value) : Node(Position);

    /// <summary>A variable, function or enumerator that was found.</summary>
    public sealed record Name(int Position, string Text, Value Value) : Node(Position);

    /// <summary>A register.</summary>
    public sealed record Register(int Position, string Text) : Node(Position);

    /// <summary>A member of a struct, or of the struct that a pointer leads to.</summary>
    public sealed record Member(int Position, Node Target, string Text, bool IsArrow) : Node(Position);

    /// <summary>An element of an array or container.</summary>
    public sealed record Index(int Position, Node Target, Node At) : Node(Position);

    /// <summary>A range of elements; the last index is not part of it. A null start means 0.</summary>
    public sealed record Slice(int Position, Node Target, Node? From, Node To) : Node(Position);

    /// <summary>An operator with one operand.</summary>
    public sealed record Unary(int Position, string Operator, Node Operand) : Node(Position);

    /// <summary>An operator with two operands.</summary>
    public sealed record Binary(int Position, string Operator, Node Left, Node Right) : Node(Position);

    /// <summary>A choice between two operands: <c>a ? b : c</c>.</summary>
    public sealed record Conditional(int Position, Node Condition, Node Then, Node Else) : Node(Position);

    /// <summary>A conversion to a type; null means void.</summary>
    public sealed record Cast(int Position, CastKind Kind, DebugType? Type, Node Operand) : Node(Position);

    /// <summary>The size of an operand that is not evaluated.</summary>
    public sealed record SizeOf(int Position, Node Operand) : Node(Position);

    /// <summary>The object of a type at an address: <c>{type} address</c>.</summary>
    public sealed record ObjectAt(int Position, DebugType? Type, Node Address) : Node(Position);

    /// <summary>
    /// A pointer to the object of a type around a member of it: <c>container_of(pointer, type, member)</c>.
    /// </summary>
    public sealed record ContainerOf(int Position, DebugType Type, ulong Offset, Node Part) : Node(Position);

    /// <summary>
    /// The elements of a list or tree that is linked by members at an offset: pointers to them, or a part of each.
    /// </summary>
    public sealed record Walk(
        int Position,
        LinkKind Kind,
        Node Head,
        DebugType Type,
        ulong Offset,
        (ulong Offset, DebugType Type)? Part
    ) : Node(Position);

    /// <summary>The pointers that a tree of the kernel's has, or a part of what each leads to.</summary>
    public sealed record Pointers(
        int Position,
        PointerTreeKind Kind,
        Node Tree,
        DebugType Type,
        (ulong Offset, DebugType Type)? Part
    ) : Node(Position);

    /// <summary>The copies of a variable that the CPUs have; one when a CPU's number is given.</summary>
    public sealed record PerCpu(int Position, Node Variable, Node? Cpu) : Node(Position);
}
