using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Expressions.Classes;

/// <summary>Finds the objects that casts between classes lead to.</summary>
/// <remarks>
/// A cast to a base reads the places of virtual bases from the object's table. A cast to a derived class subtracts the
/// base's offset, if there is only one, and it is fixed. Else only the object's real type tells where the derived
/// object
/// is: it is found by the symbol of the table, and the answer is the part of that class which contains the object. If
/// the real type is not known, the cast is refused: any offset would be a guess.
/// </remarks>
internal static class ClassCasts
{
    private const int MaxDepth = 32;

    /// <summary>
    /// Finds the part of an object that is a base class, or the derived object that it is a part of; null when the
    /// classes are not related.
    /// </summary>
    /// <exception cref="ExpressionException">The object cannot be found, or there are several.</exception>
    public static Value? FindRelated(Value value, CompoundType target, int position)
    {
        if (value.ResolvedType is not CompoundType source)
            return null;

        if (TypeFacts.AreSame(source, target))
            return value;

        if (Derives(value.Space, source, target))
            return FindBase(value, target, position);

        if (!Derives(value.Space, target, source))
            return null;

        var offsets = new HashSet<ulong>();
        bool isFixed = TryCollectOffsets(value.Space, target, source, 0, offsets, 0, new SearchBudget());
        if (isFixed && offsets.Count == 1 && value.Address is { } address)
            return value.Space.At(target, unchecked(address - offsets.First()));

        Value whole = FindWhole(value, target, position);
        List<Value> around = FindAround(whole, value, target);
        return around.Count switch
        {
            1 => around[0],
            0 => throw new ExpressionException(
                TypeFacts.AreSame(whole.ResolvedType, source)
                    ? $"The object is a {TypeNames.Spell(whole.Type)}, not a {TypeNames.Spell(target)}."
                    : $"The object is a part of a {TypeNames.Spell(whole.Type)}, but of no {TypeNames.Spell(target)}.",
                position
            ),
            _ => throw IsAmbiguous(source, target, position),
        };
    }

    /// <summary>Finds an object by its real type, as <c>dynamic_cast</c> does; null when it has no such part.</summary>
    /// <exception cref="ExpressionException">The object's real type is not known.</exception>
    public static Value? FindDynamic(Value value, CompoundType target, int position)
    {
        if (value.ResolvedType is not CompoundType source)
            return null;

        if (TypeFacts.AreSame(source, target))
            return value;

        if (Derives(value.Space, source, target))
            return FindBase(value, target, position);

        Value whole = FindWhole(value, target, position);
        List<Value> around = FindAround(whole, value, target);
        if (around.Count == 1)
            return around[0];

        List<Value> parts = Collect(whole, target, new SearchBudget());
        return parts.Count == 1 ? parts[0] : null;
    }

    private static Value FindBase(Value value, CompoundType target, int position)
    {
        List<Value> parts = Collect(value, target, new SearchBudget());
        if (parts.Count > 1)
            throw IsAmbiguous(target, value.ResolvedType!, position);

        if (parts.Count == 0)
            throw new ExpressionException("Invalid cast.", position);

        // The part of an object in registers has no address; one that was not found has a reason for that.
        Span<byte> first = stackalloc byte[1];
        if (parts[0].Address is null && parts[0].Size > 0 && parts[0].ReadBytes(first) is { } problem)
            throw Arithmetic.Describe(problem, position);

        return parts[0];
    }

    private static Value FindWhole(Value value, CompoundType target, int position)
    {
        if (VirtualBases.FindWholeObject(value) is { } whole)
            return whole;

        Span<byte> first = stackalloc byte[sizeof(ulong)];
        throw value.ReadBytes(first) is { Kind: ValueProblemKind.Unreadable } problem
            ? Arithmetic.Describe(problem, position)
            : new ExpressionException(
                $"The real type of the {TypeNames.Spell(value.Type)} is not known, because it has no known table of "
                    + $"virtual functions: the {TypeNames.Spell(target)} that it may be a part of can't be found.",
                position
            );
    }

    /// <summary>Finds the parts of a whole object that have a class and contain another part.</summary>
    private static List<Value> FindAround(Value whole, Value part, CompoundType target)
    {
        var budget = new SearchBudget();
        List<Value> around = Collect(whole, target, budget);
        around.RemoveAll(outer =>
            !Collect(outer, (CompoundType)part.ResolvedType!, budget).Exists(inner => inner.Address == part.Address)
        );
        return around;
    }

    /// <summary>Collects the parts of an object that have a class; a virtual base once.</summary>
    private static List<Value> Collect(Value value, CompoundType target, SearchBudget budget)
    {
        var found = new List<Value>();
        Collect(value, target, found, 0, budget);
        return found;
    }

    private static void Collect(Value value, CompoundType target, List<Value> found, int depth, SearchBudget budget)
    {
        if (depth > MaxDepth || value.ResolvedType is not CompoundType compound || !budget.TrySpend())
            return;

        if (TypeFacts.AreSame(compound, target))
        {
            if (value.Address is null || !found.Exists(known => known.Address == value.Address))
                found.Add(value);

            return;
        }

        foreach (BaseClass parent in compound.Bases)
        {
            // Reads no table for a virtual base that does not matter.
            if (
                value.Space.Resolve(parent.Type) is CompoundType type
                && (TypeFacts.AreSame(type, target) || Derives(value.Space, type, target, depth + 1, budget))
            )
                Collect(value.Base(parent), target, found, depth + 1, budget);
        }
    }

    private static bool Derives(ValueSpace space, CompoundType derived, CompoundType wanted) =>
        Derives(space, derived, wanted, 0, new SearchBudget());

    private static bool Derives(
        ValueSpace space,
        CompoundType derived,
        CompoundType wanted,
        int depth,
        SearchBudget budget
    )
    {
        if (depth > MaxDepth || !budget.TrySpend())
            return false;

        foreach (BaseClass parent in derived.Bases)
        {
            if (
                space.Resolve(parent.Type) is CompoundType type
                && (TypeFacts.AreSame(type, wanted) || Derives(space, type, wanted, depth + 1, budget))
            )
                return true;
        }

        return false;
    }

    /// <summary>Collects the offsets of a base in a class; false when one of them depends on the object.</summary>
    private static bool TryCollectOffsets(
        ValueSpace space,
        CompoundType derived,
        CompoundType wanted,
        ulong start,
        HashSet<ulong> offsets,
        int depth,
        SearchBudget budget
    )
    {
        if (depth > MaxDepth || !budget.TrySpend())
            return false;

        foreach (BaseClass parent in derived.Bases)
        {
            if (space.Resolve(parent.Type) is not CompoundType type)
                continue;

            bool isWanted = TypeFacts.AreSame(type, wanted);
            if (!isWanted && !Derives(space, type, wanted, depth + 1, budget))
                continue;

            if (parent.Offset is not { } offset)
                return false;

            ulong at = unchecked(start + offset);
            if (isWanted)
                offsets.Add(at);
            else if (!TryCollectOffsets(space, type, wanted, at, offsets, depth + 1, budget))
                return false;
        }

        return true;
    }

    private static ExpressionException IsAmbiguous(DebugType parent, DebugType derived, int position) =>
        new($"base class '{TypeNames.Spell(parent)}' is ambiguous in type '{TypeNames.Spell(derived)}'", position);
}
