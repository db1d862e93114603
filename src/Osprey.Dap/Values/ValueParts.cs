using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values;
using Osprey.Values.Containers;

namespace Osprey.Dap.Values;

/// <summary>Finds the parts that a value is shown with.</summary>
internal static class ValueParts
{
    /// <summary>Finds them; null when it has none.</summary>
    public static VariableGroup? Find(Value value, string? expression, bool isRaw)
    {
        Value target = value.Follow();
        if (!isRaw && target.AsContainer() is { } view)
            return Find(target, view, expression);

        switch (target.ResolvedType)
        {
            case ArrayType { Count: > 0 and var count } array:
                return array.Element.Stripped.Size == 1 && target.AsString() is not null
                    ? null
                    : new ArrayParts(target, count, expression);
            case CompoundType { IsDeclaration: false } type when type.Members.Count + type.Bases.Count > 0:
                return new StructParts(target, type, expression is null ? null : $"{Enclose(expression)}.");
            case PointerType { Kind: PointerKind.Pointer } pointer:
                return FindTarget(target, pointer, expression);
            default:
                return null;
        }
    }

    private static VariableGroup? FindTarget(Value value, PointerType pointer, string? expression)
    {
        DebugType? type = value.Space.Resolve(pointer.Target);
        if (type is null or FunctionType || value.AsPointer() is null or 0)
            return null;

        Value target = value.Dereference();
        if (type is CompoundType { IsDeclaration: true } or UnspecifiedType)
            return null;

        // A pointer shows the members of what it points to, and has no level of its own.
        if (type is CompoundType compound && target.AsContainer() is null)
            return compound.Members.Count + compound.Bases.Count > 0
                ? new StructParts(target, compound, expression is null ? null : $"{Enclose(expression)}->")
                : null;

        return type.Stripped is BaseType { Size: 1 } && value.AsString() is not null
            ? null
            : new ListedParts([
                new ChildValue("*", target) { Expression = expression is null ? null : $"*{Enclose(expression)}" },
            ]);
    }

    private static VariableGroup? Find(Value value, ContainerView view, string? expression)
    {
        var raw = new ChildValue("[raw]", value)
        {
            IsRaw = true,
            Text = "",
            Expression = expression,
        };
        return view switch
        {
            ContainerView.Items items => new ContainerParts(value, items, expression),
            ContainerView.Parts parts => new ListedParts([
                .. parts.Values.Select(part => new ChildValue(part.Key, part.Value)),
                raw,
            ]),
            ContainerView.Pointer { Plain: var plain } => plain.AsPointer() is null or 0
                ? new ListedParts([raw])
                : new ListedParts([new ChildValue("[pointer]", plain), raw]),
            ContainerView.Wrapper { Inner: { } inner } => new ListedParts([new ChildValue("[value]", inner), raw]),
            _ => new ListedParts([raw]),
        };
    }

    private static string Enclose(string expression) =>
        expression.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '$' or '[' or ']')
            ? expression
            : $"({expression})";
}
