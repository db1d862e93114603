using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values.Containers;
using Osprey.Values.Floats;

namespace Osprey.Values.Expressions;

/// <summary>Computes the value of a parsed expression.</summary>
/// <remarks>
/// <para>
/// <b>Values are lazy.</b> A <see cref="Value"/> is a type and a place; its bytes are read only when a number is
/// needed. So <c>&amp;p-&gt;next-&gt;x</c> reads the pointers on the way and not x itself, and a large struct costs
/// nothing until it is printed.
/// </para>
/// <para>
/// <b>The rules are gdb's, not a compiler's.</b> Where they differ, the user expects what gdb does: <c>.</c> works on a
/// pointer as well; <c>*</c> on an integer reads a <c>long</c> at that address; comparisons in a C program give an
/// <c>int</c>; the texts of errors are gdb's where gdb has one. Number types follow C's promotions
/// (<see cref="Arithmetic"/>), pointers count in elements (<see cref="PointerArithmetic"/>), and casts to a base class
/// move the address (<see cref="Conversions"/>).
/// </para>
/// <para>
/// <b>Beyond gdb.</b> Operators work on containers and smart pointers of libraries, by their content: <c>[]</c> takes a
/// position in a vector or a key in a map, <c>-&gt;</c> and <c>*</c> follow a <c>unique_ptr</c>. Nothing in the guest
/// is called for that; the container readers know the layouts.
/// </para>
/// <para>
/// <b>Missing is not zero.</b> A number that cannot be read ends the evaluation with an
/// <see cref="ExpressionException"/> at the part of the text that needs it. Only the final result may be a value with a
/// problem, which printing shows in place of the value.
/// </para>
/// </remarks>
internal sealed partial class Evaluator(ValueSpace space, IVariableScope? scope)
{
    private const int MaxSlice = 1 << 20;

    private readonly PointerArithmetic _pointers = new(space);

    /// <summary>Computes the value of a node.</summary>
    /// <exception cref="ExpressionException">The value cannot be computed.</exception>
    public Value Evaluate(Node node) =>
        node switch
        {
            Node.Literal literal => literal.Value,
            Node.Name name => name.Value,
            Node.Register register => scope?.FindRegister(register.Text)
                ?? throw new ExpressionException(
                    scope is null ? "No registers." : $"There is no register ${register.Text}.",
                    register.Position
                )
                {
                    IsMistake = scope is not null,
                },
            Node.Member member => FindMember(member),
            Node.Index index => FindElement(index),
            Node.Slice slice => TakeSlice(slice),
            Node.Unary unary => Apply(unary),
            Node.Binary binary => Apply(binary),
            Node.Conditional choice => Evaluate(IsTrue(choice.Condition) ? choice.Then : choice.Else),
            Node.Cast cast => Conversions.Convert(Evaluate(cast.Operand), cast.Type, cast.Kind, cast.Position),
            Node.SizeOf size => GetSize(size),
            Node.ContainerOf container => FindContainer(container),
            Node.Walk walk => ReadLinks(walk),
            Node.Pointers pointers => ReadPointers(pointers),
            Node.PerCpu variable => FindCopies(variable),
            Node.ObjectAt at => space.At(at.Type, (ulong)ReadAddress(at.Address)),
            _ => throw new ExpressionException("The expression can't be computed.", node.Position),
        };

    /// <summary>Computes the value of a node, and follows it if it is a reference.</summary>
    private Value Follow(Node node)
    {
        Value value = Evaluate(node);
        if (value.Type.IsReference && value.Reinterpret(BuiltinTypes.UnsignedLong).Problem is { } problem)
            throw Arithmetic.Describe(problem, node.Position);

        return value.Follow();
    }

    private Int128 ReadInteger(Node node) => Arithmetic.ReadInteger(Number(node), node.Position);

    private ulong ReadAddress(Node node) => unchecked((ulong)ReadInteger(node));

    private Value Number(Node node)
    {
        Value value = Operand(node);
        return value.Type.IsVector ? throw NoNumber(node.Position) : value;
    }

    /// <summary>Computes a number or vector.</summary>
    private Value Operand(Node node)
    {
        Value value = Conversions.Decay(Follow(node), node.Position);
        if (value.Type.IsScalar || value.Type.IsVector)
            return value;

        CheckType(value, node.Position);
        throw value.Problem is { } problem && value.Type is null
            ? Arithmetic.Describe(problem, node.Position)
            : NoNumber(node.Position);
    }

    private static ExpressionException NoNumber(int position) =>
        new("Argument to arithmetic operation not a number or boolean.", position);

    private bool IsTrue(Node node)
    {
        Value value = Operand(node);
        if (value.Type.IsVector)
            return VectorArithmetic.IsTrue(value, node.Position);

        return value.Type.IsFloat
            ? !Arithmetic.ReadFloat(value, node.Position).IsZero
            : Arithmetic.ReadInteger(value, node.Position) != 0;
    }

    private Value GetSize(Node.SizeOf size)
    {
        Value operand = Evaluate(size.Operand);
        DebugType? type = operand.Type.IsReference ? ((PointerType)operand.Type!.Stripped).Target : operand.Type;
        return space.GetSize(type) is { } known
            ? space.FromInteger(BuiltinTypes.UnsignedLong, known)
            : space.FromInteger(
                BuiltinTypes.UnsignedLong,
                type is null or FunctionType
                    ? 1
                    : throw new ExpressionException(
                        $"The size of {TypeNames.Spell(type)} is not known.",
                        size.Operand.Position
                    )
            );
    }

    private Value FindMember(Node.Member node)
    {
        Value target = Follow(node.Target);

        // Like gdb, accepts "." in place of "->" on a plain pointer. "->" also follows classes that overload it.
        if (node.IsArrow && !target.Type.IsPointer && SmartPointers.Unwrap(target) is { } pointer)
            target = pointer;

        CheckPointer(target, node.Target.Position);
        string name = node.Text;
        if (name.LastIndexOf("::", StringComparison.Ordinal) is > 0 and var split)
        {
            Value from = target.Type.IsPointer ? target.Dereference() : target;
            string parent = name[..split];
            target =
                from.FindBase(type =>
                    type.Name == parent || type.Name?.EndsWith("::" + parent, StringComparison.Ordinal) == true
                )
                ?? throw new ExpressionException(
                    $"{parent} is not a base of {TypeNames.Spell(from.Type)}.",
                    node.Position
                );
            name = name[(split + 2)..];
        }

        if (target.Member(name) is { } member)
            return member;

        DebugType? type = target.Type.IsPointer ? ((PointerType)target.Type!.Stripped).Target : target.Type;
        throw space.Resolve(type) is CompoundType compound
            ? new ExpressionException(
                compound.IsDeclaration
                    ? $"{TypeNames.Spell(type)} is only declared: its members are not known."
                    : $"There is no member named {name}.{NameResolver.Suggest(name, target.GetMemberNames())}",
                node.Position
            )
            {
                IsMistake = true,
            }
            : new ExpressionException(
                "Attempt to extract a component of a value that is not a structure"
                    + (node.IsArrow ? " pointer." : "."),
                node.Target.Position
            )
            {
                IsMistake = target.Type is not null,
            };
    }

    /// <summary>Refuses a variable of which only the place is known, with what helps.</summary>
    private static void CheckType(Value value, int position)
    {
        if (NameResolver.IsUntyped(value.Type))
            throw Arithmetic.Describe(ValueProblem.Untyped, position);
    }

    private static void CheckPointer(Value target, int position)
    {
        CheckType(target, position);
        if (target.Type.IsPointer && !target.TryReadInteger(out _, out ValueProblem? problem))
            throw Arithmetic.Describe(problem, position);
    }

    private Value FindElement(Node.Index node)
    {
        Value target = Follow(node.Target);
        if (target.AsContainer() is ContainerView.Items items)
            return FindElement(node, items);

        if (target.ResolvedType is CompoundType)
            target = target.AsContainer() is ContainerView.Text text
                ? space.FromPointer(text.First.Type, text.First.Address ?? 0)
                : Conversions.Decay(target, node.Position);

        CheckPointer(target, node.Target.Position);
        Int128 index = ReadInteger(node.At);
        if (
            target.ResolvedType is ArrayType { Count: { } count }
            && target.Address is null
            && (index < 0 || index >= count)
        )
            throw new ExpressionException(
                count == 0 ? "There are no elements." : "no such vector element",
                node.At.Position
            );

        // C allows 1[array] for array[1].
        if (target.Type.IsIntegral && Evaluate(node.At).ResolvedType is ArrayType or PointerType)
            return FindElement(new Node.Index(node.Position, node.At, node.Target));

        return target.Index(unchecked((long)index))
            ?? throw new ExpressionException("cannot subscript something of this type", node.Position);
    }

    private Value FindElement(Node.Index node, ContainerView.Items items)
    {
        if (items.Kind == ContainerKind.Map)
            return FindByKey(node, items);

        Int128 index = ReadInteger(node.At);
        if (index < 0 || (items.Count is { } count && index >= count))
            throw new ExpressionException(
                $"Index {index} is out of range: there are {items.Count?.ToString() ?? "fewer"} elements.",
                node.At.Position
            );

        if (items.At is { } at)
            return at((ulong)index);

        ElementWalk walk = items.Start();
        foreach (ContainerElement element in walk.Enumerate())
        {
            if (walk.Given == (ulong)index + 1)
                return element.Value;
        }

        throw new ExpressionException(
            $"Index {index} is out of range: {walk.Given} elements were found"
                + (walk.Defect is { } defect ? $" ({defect})." : "."),
            node.At.Position
        );
    }

    private Value FindByKey(Node.Index node, ContainerView.Items items)
    {
        Value wanted = Evaluate(node.At);
        string? text = wanted.Type.IsScalar && !wanted.Type.IsPointer ? null : wanted.AsString();
        Int128 number = text is null ? ReadInteger(node.At) : 0;
        ElementWalk walk = items.Start();
        foreach (ContainerElement element in walk.Enumerate())
        {
            if (element.Key is not { } key)
                continue;

            bool isFound =
                text is not null && !key.Type.IsScalar
                    ? key.AsString() == text
                    : key.TryReadInteger(out Int128 found, out _) && text is null && found == number;
            if (isFound)
                return element.Value;
        }

        throw new ExpressionException(
            $"No element has this key{(walk.Defect is { } defect ? $" ({defect})" : "")}.",
            node.At.Position
        );
    }

    private Value TakeSlice(Node.Slice node)
    {
        Value target = Follow(node.Target);
        long from = node.From is { } start ? (long)ReadInteger(start) : 0;
        long to = (long)ReadInteger(node.To);
        if (to < from || to - from > MaxSlice)
            throw new ExpressionException(
                $"The slice from {from} to {to} ends before it starts, or has over {MaxSlice} elements.",
                node.Position
            );

        if (target.AsContainer() is ContainerView.Items { At: { } at, Count: { } count })
        {
            if (from < 0 || (ulong)to > count)
                throw new ExpressionException($"The slice is out of range: there are {count} elements.", node.Position);

            // Without an element, the type of the elements is not known.
            if (to == from)
                throw new ExpressionException("The slice is empty.", node.Position);

            Value first = at((ulong)from);
            return Repeat(first, (ulong)(to - from), node.Position);
        }

        target = target.ResolvedType is CompoundType ? Conversions.Decay(target, node.Position) : target;
        CheckPointer(target, node.Target.Position);
        Value element =
            target.Index(from)
            ?? throw new ExpressionException("cannot subscript something of this type", node.Position);
        return element.Reinterpret(BuiltinTypes.ArrayOf(element.Type!, (ulong)(to - from)));
    }

    private static Value Repeat(Value first, ulong count, int position)
    {
        if (first.Address is null || first.Bits is not null)
            throw new ExpressionException("Only values in memory can be extended with '@'.", position);

        return first.Type is { } type
            ? first.Reinterpret(BuiltinTypes.ArrayOf(type, count))
            : throw new ExpressionException("Attempt to take contents of a non-pointer value.", position);
    }

    private Value Apply(Node.Unary node)
    {
        switch (node.Operator)
        {
            case "*":
                return Dereference(node);
            case "&":
                return TakeAddress(node);
            case "!":
                return space.FromTruth(!IsTrue(node.Operand));
        }

        Value operand = Operand(node.Operand);
        return operand.Type.IsVector
            ? VectorArithmetic.Apply(operand, element => Apply(node, element), node.Position)
            : Apply(node, operand);
    }

    private Value Apply(Node.Unary node, Value value)
    {
        if (value.Type.IsFloat)
        {
            BinaryFloat number = Arithmetic.ReadFloat(value, node.Operand.Position);
            return node.Operator switch
            {
                "-" => Arithmetic.FromFloat(space, value.ResolvedType!, -number),
                "+" => value,
                _ => throw new ExpressionException(
                    "Argument to complement operation not an integer, boolean.",
                    node.Position
                ),
            };
        }

        if (!value.Type.IsIntegral)
        {
            string operation = node.Operator switch
            {
                "-" => "negate",
                "~" => "complement",
                _ => "positive",
            };
            throw new ExpressionException($"Argument to {operation} operation not a number.", node.Position);
        }

        Int128 integer = Arithmetic.ReadInteger(value, node.Operand.Position);
        DebugType type = Arithmetic.Promote(value.ResolvedType!);
        return space.FromInteger(
            type,
            node.Operator == "-" ? unchecked(-integer)
                : node.Operator == "~" ? ~integer
                : integer
        );
    }

    private Value Dereference(Node.Unary node)
    {
        Value pointer = Conversions.Decay(Evaluate(node.Operand), node.Operand.Position);
        CheckType(pointer, node.Operand.Position);
        if (pointer.ResolvedType is PointerType { Kind: PointerKind.Pointer } type)
        {
            CheckPointer(pointer, node.Operand.Position);
            return type.Target is null
                ? throw new ExpressionException("Attempt to take contents of a non-pointer value.", node.Position)
                : pointer.Dereference();
        }

        // Like gdb, reads a plain integer as the address of a long.
        if (pointer.Type.IsIntegral)
            return space.At(
                BuiltinTypes.Long,
                unchecked((ulong)Arithmetic.ReadInteger(pointer, node.Operand.Position))
            );

        throw new ExpressionException("Attempt to take contents of a non-pointer value.", node.Position);
    }

    private Value TakeAddress(Node.Unary node)
    {
        Value value = Follow(node.Operand);
        if (value.Bits is not null)
            throw new ExpressionException("Attempt to take address of a bit field.", node.Position);

        return value.Address is { } address
            ? space.FromPointer(value.Type, address)
            : throw new ExpressionException(
                value.Problem is { } problem
                    ? Arithmetic.Describe(problem, node.Position).Message
                    : "Attempt to take address of value not located in memory.",
                node.Position
            );
    }

    private Value Apply(Node.Binary node)
    {
        switch (node.Operator)
        {
            case "&&":
                return space.FromTruth(IsTrue(node.Left) && IsTrue(node.Right));
            case "||":
                return space.FromTruth(IsTrue(node.Left) || IsTrue(node.Right));
            case ",":
                // gdb computes the left side too: an error in it is one of the expression.
                Evaluate(node.Left);
                return Evaluate(node.Right);
            case "@":
                Int128 count = ReadInteger(node.Right);
                return count > 0 && count <= MaxSlice
                    ? Repeat(Follow(node.Left), (ulong)count, node.Position)
                    : throw new ExpressionException("Invalid number of repetitions.", node.Right.Position);
        }

        Value left = Operand(node.Left);
        Value right = Operand(node.Right);
        if (left.Type.IsVector || right.Type.IsVector)
            return VectorArithmetic.Apply(space, node, left, right);

        if (left.ResolvedType is not PointerType && right.ResolvedType is not PointerType)
            return Arithmetic.Apply(space, node, left, right);

        return _pointers.Apply(node, left, right);
    }
}
